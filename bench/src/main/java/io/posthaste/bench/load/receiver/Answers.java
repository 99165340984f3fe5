package io.posthaste.bench.load.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.util.concurrent.ThreadLocalRandom;

/** What becomes of a request: it is recorded, and answered as its path behaves, well or badly. */
final class Answers {
    private static final ByteBuf ZEROES = fixed("0".repeat(1 << 16));
    private static final int DRIPPED_BYTES = 100_000;

    private Answers() {}

    /** The usual answer waits for the flush that ends a read: all of one read leave together. */
    static void answer(Request request, Recorder recorder, Wire wire) {
        Behaviour behaviour = recorder.behaviour(request);
        if (behaviour == null) {
            recorder.record(request, 200);
            wire.answer(200);
        } else {
            Behaviour.Fixed drawn = behaviour.drawn(ThreadLocalRandom.current());
            recorder.record(request, statusOf(drawn));
            give(wire, drawn);
        }
    }

    /** The status a client acts upon; 0 when there is none in time. A body that is too long does not undo its 200. */
    private static int statusOf(Behaviour.Fixed behaviour) {
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

    private static void give(Wire wire, Behaviour.Fixed behaviour) {
        switch (behaviour) {
            case Behaviour.Status status -> send(wire, status.code());
            case Behaviour.Delay delay ->
                later(
                        wire,
                        ThreadLocalRandom.current().nextInt(delay.least(), delay.most() + 1),
                        () -> send(wire, 200));
            case Behaviour.Close close -> {
                send(wire, 200);
                later(wire, close.millis(), () -> close(wire.context()));
            }
            case Behaviour.Hang ignored -> {}
            case Behaviour.Reset ignored -> reset(wire.context());
            case Behaviour.Drip drip -> {
                wire.begin(DRIPPED_BYTES);
                drip(wire, drip.millis());
            }
            case Behaviour.Flood flood -> {
                wire.begin(flood.bytes());
                flood(wire, flood.bytes());
            }
        }
    }

    private static void send(Wire wire, int status) {
        wire.answer(status);
        wire.flush();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is late for a closed connection is nobody's loss
    private static void later(Wire wire, int millis, Runnable answer) {
        wire.context().executor().schedule(answer, millis, MILLISECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do when closing fails
    private static void close(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> context.close());
    }

    /** Linger zero makes close an RST, as of a process that died. */
    private static void reset(ChannelHandlerContext context) {
        context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        close(context);
    }

    private static void drip(Wire wire, int millis) {
        if (wire.isOpen()) {
            var unused = wire.send(ZEROES.duplicate().writerIndex(1));
            later(wire, millis, () -> drip(wire, millis));
        }
    }

    /** The next piece goes out when the one before it is in the socket: the client's speed, not our memory, decides. */
    private static void flood(Wire wire, long left) {
        if (left <= 0 || !wire.isOpen()) {
            return;
        }
        int piece = (int) Math.min(left, ZEROES.readableBytes());
        wire.send(ZEROES.duplicate().writerIndex(piece)).addListener(written -> {
            if (written.isSuccess()) {
                flood(wire, left - piece);
            }
        });
    }

    /** Bytes to write any number of times; never released. */
    static ByteBuf fixed(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
    }
}
