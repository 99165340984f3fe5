package io.posthaste.bench.load.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;

/** HTTP/1.1: answers are bytes. */
record Http1Wire(ChannelHandlerContext context) implements Wire {
    private static final ByteBuf OK = Answers.fixed(response("200 OK", 2) + "{}");

    @Override
    public void answer(int status) {
        write(status == 200 ? OK.duplicate() : once(response(status + " Status", 2) + "{}"));
    }

    @Override
    public void begin(long length) {
        write(once(response("200 OK", length)));
        context.flush();
    }

    @Override
    public ChannelFuture send(ByteBuf piece) {
        return context.writeAndFlush(piece).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void flush() {
        context.flush();
    }

    @Override
    public boolean isOpen() {
        return context.channel().isActive();
    }

    private void write(ByteBuf bytes) {
        context.write(bytes).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private static ByteBuf once(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    private static String response(String statusLine, long length) {
        return "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                .formatted(statusLine, length);
    }
}
