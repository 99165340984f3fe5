package io.posthaste.bench.load.receiver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;

/** HTTP/2: answers are frames of the request's stream. */
record Http2Wire(ChannelHandlerContext context, Http2ConnectionHandler handler, int stream) implements Wire {
    private static final ByteBuf BODY = Answers.fixed("{}");
    private static final Http2Headers OK = head("200", 2);

    @Override
    public void answer(int status) {
        if (isOpen()) {
            writeHead(status == 200 ? OK : head(Integer.toString(status), BODY.readableBytes()));
            var unused = write(BODY.duplicate(), true);
        }
    }

    @Override
    public void begin(long length) {
        writeHead(head("200", length));
        flush();
    }

    /** The client knows from the head how long the body is, and no stream of these answers ends before its connection. */
    @Override
    public ChannelFuture send(ByteBuf piece) {
        ChannelFuture written = write(piece, false);
        flush();
        return written;
    }

    /** By the handler, not beyond it: it holds back data until it is told. */
    @Override
    public void flush() {
        handler.flush(context);
    }

    @Override
    public boolean isOpen() {
        return handler.connection().stream(stream) != null;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed write means a closed stream: the client's affair
    private void writeHead(Http2Headers head) {
        handler.encoder().writeHeaders(context, stream, head, 0, false, context.newPromise());
    }

    private ChannelFuture write(ByteBuf data, boolean last) {
        return handler.encoder().writeData(context, stream, data, 0, last, context.newPromise());
    }

    private static Http2Headers head(String status, long length) {
        return new DefaultHttp2Headers()
                .status(status)
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .setLong(HttpHeaderNames.CONTENT_LENGTH, length);
    }
}
