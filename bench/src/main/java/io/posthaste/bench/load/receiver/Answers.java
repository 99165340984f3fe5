package io.posthaste.bench.load.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.util.concurrent.ThreadLocalRandom;

/** Answers on the wire, good and bad ones. */
final class Answers {
    private static final ByteBuf OK = fixed(response("200 OK", 2) + "{}");
    private static final ByteBuf ZEROES = fixed("0".repeat(1 << 16));
    private static final int DRIPPED_BYTES = 100_000;

    private Answers() {}

    /** The usual answer, ready to write. */
    static ByteBuf ok() {
        return OK.duplicate();
    }

    /** The status a client acts upon; 0 when there is none in time. A body that is too long does not undo its 200. */
    static int statusOf(Behaviour.Fixed behaviour) {
        return switch (behaviour) {
            case Behaviour.Status status -> status.code();
            case Behaviour.Delay ignored -> 200;
            case Behaviour.Close ignored -> 200;
            case Behaviour.Flood ignored -> 200;
            case Behaviour.Hang ignored -> 0;
            case Behaviour.Reset ignored -> 0;
            case Behaviour.Drip ignored -> 0;
        };
    }

    static void give(ChannelHandlerContext context, Behaviour.Fixed behaviour) {
        switch (behaviour) {
            case Behaviour.Status status -> send(context, status(status.code()));
            case Behaviour.Delay delay ->
                later(
                        context,
                        ThreadLocalRandom.current().nextInt(delay.least(), delay.most() + 1),
                        () -> send(context, ok()));
            case Behaviour.Close close -> {
                send(context, ok());
                later(context, close.millis(), () -> close(context.channel()));
            }
            case Behaviour.Hang ignored -> {}
            case Behaviour.Reset ignored -> reset(context.channel());
            case Behaviour.Drip drip -> {
                send(context, once(response("200 OK", DRIPPED_BYTES)));
                drip(context, drip.millis());
            }
            case Behaviour.Flood flood -> {
                send(context, once(response("200 OK", flood.bytes())));
                flood(context, flood.bytes());
            }
        }
    }

    private static void send(ChannelHandlerContext context, ByteBuf bytes) {
        context.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is late for a closed connection is nobody's loss
    private static void later(ChannelHandlerContext context, int millis, Runnable answer) {
        context.executor().schedule(answer, millis, MILLISECONDS);
    }

    private static void close(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Linger zero makes close an RST, as of a process that died. */
    private static void reset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        close(channel);
    }

    private static void drip(ChannelHandlerContext context, int millis) {
        if (context.channel().isActive()) {
            send(context, ZEROES.duplicate().writerIndex(1));
            later(context, millis, () -> drip(context, millis));
        }
    }

    /** The next piece goes out when the one before it is in the socket: the client's speed, not our memory, decides. */
    private static void flood(ChannelHandlerContext context, long left) {
        if (left <= 0 || !context.channel().isActive()) {
            return;
        }
        int piece = (int) Math.min(left, ZEROES.readableBytes());
        context.writeAndFlush(ZEROES.duplicate().writerIndex(piece)).addListener(written -> {
            if (written.isSuccess()) {
                flood(context, left - piece);
            }
        });
    }

    private static ByteBuf status(int code) {
        return once(response(code + " Status", 2) + "{}");
    }

    private static String response(String statusLine, long length) {
        return "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                .formatted(statusLine, length);
    }

    private static ByteBuf once(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    /** For every answer, never released. */
    private static ByteBuf fixed(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
    }
}
