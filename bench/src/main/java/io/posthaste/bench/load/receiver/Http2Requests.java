package io.posthaste.bench.load.receiver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Objects;

/** Serves one connection that speaks HTTP/2: puts requests together, and has each recorded and answered. */
final class Http2Requests extends Http2FrameAdapter {
    /** As nginx has it. */
    private static final int MOST_STREAMS = 128;

    private final Recorder recorder;
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey arriving;

    private Http2Requests(Recorder recorder, Http2Connection connection) {
        this.recorder = recorder;
        this.connection = connection;
        this.arriving = connection.newKey();
    }

    /** For the end of a connection's pipeline. */
    static Http2ConnectionHandler handler(Recorder recorder) {
        Http2Connection connection = new DefaultHttp2Connection(true);
        return new Http2ConnectionHandlerBuilder()
                .connection(connection)
                .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(MOST_STREAMS))
                .frameListener(new Http2Requests(recorder, connection))
                .build();
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int streamId,
            Http2Headers head,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean last) {
        onHeadersRead(context, streamId, head, padding, last);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int streamId, Http2Headers head, int padding, boolean last) {
        Http2Stream stream = connection.stream(streamId);
        if (stream.getProperty(arriving) == null) {
            stream.setProperty(arriving, new Http2Request(head));
        }
        if (last) {
            answer(context, stream);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean last) {
        Http2Stream stream = connection.stream(streamId);
        arriving(stream).add(data);
        if (last) {
            answer(context, stream);
        }
        return data.readableBytes() + padding;
    }

    private void answer(ChannelHandlerContext context, Http2Stream stream) {
        Http2ConnectionHandler handler = (Http2ConnectionHandler) context.handler();
        recorder.cameOverHttp2();
        Answers.answer(arriving(stream).whole(), recorder, new Http2Wire(context, handler, stream.id()));
    }

    private Http2Request arriving(Http2Stream stream) {
        return Objects.requireNonNull(stream.getProperty(arriving));
    }
}
