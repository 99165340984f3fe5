package io.posthaste.bench.load.receiver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;

/** Serves one connection that speaks HTTP/1.1: reads requests, and has each recorded and answered. */
final class RequestHandler extends ChannelInboundHandlerAdapter {

    private final Recorder recorder;
    private final Request request = new Request();
    private byte[] buffer = new byte[4096];
    private int length;

    RequestHandler(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            append(in);
        } finally {
            in.release();
        }
        Wire wire = new Http1Wire(context);
        int from = 0;
        int end;
        while ((end = request.read(buffer, from, length)) >= 0) {
            Answers.answer(request, recorder, wire);
            from = end;
        }
        System.arraycopy(buffer, from, buffer, 0, length - from);
        length -= from;
    }

    /** All answers of one read leave together. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do when closing fails
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private void append(ByteBuf in) {
        int more = in.readableBytes();
        if (length + more > Request.MOST_BYTES) {
            throw new IllegalArgumentException("a request of more than " + Request.MOST_BYTES + " bytes");
        }
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length + more, buffer.length * 2));
        }
        in.readBytes(buffer, length, more);
        length += more;
    }
}
