package io.posthaste.bench.load.receiver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** Serves one connection: reads requests, has them recorded, answers as the path behaves. */
final class RequestHandler extends ChannelInboundHandlerAdapter {
    private static final int MOST_BYTES = 8 << 20;

    private final Recorder recorder;
    private final Request request = new Request();
    private byte[] buffer = new byte[4096];
    private int length;

    RequestHandler(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        recorder.opened();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        recorder.closed();
    }

    /** Nothing came for as long as a connection may be idle. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do when closing fails
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            append(in);
        } finally {
            in.release();
        }
        int from = 0;
        int end;
        while ((end = request.read(buffer, from, length)) >= 0) {
            answer(context);
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
        if (length + more > MOST_BYTES) {
            throw new IllegalArgumentException("a request of more than " + MOST_BYTES + " bytes");
        }
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length + more, buffer.length * 2));
        }
        in.readBytes(buffer, length, more);
        length += more;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed write means a closed connection: the client's affair
    private void answer(ChannelHandlerContext context) {
        Behaviour behaviour = recorder.behaviour(request);
        if (behaviour == null) {
            recorder.record(request, 200);
            context.write(Answers.ok());
        } else {
            Behaviour.Fixed drawn = behaviour.drawn(ThreadLocalRandom.current());
            recorder.record(request, Answers.statusOf(drawn));
            Answers.give(context, drawn);
        }
    }
}
