package io.posthaste.send;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How late the event loops are: for so long what becomes ready on one waits until its turn comes. It tells a process
 * that has more in flight than it can serve from receivers that take their time.
 */
final class LoopDelay {
    private static final Duration PERIOD = Duration.ofMillis(20);

    private final List<Probe> probes = new ArrayList<>();
    private final LongSupplier nanoTime;

    LoopDelay(EventLoopGroup loops, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (EventExecutor loop : loops) {
            Probe probe = new Probe(loop);
            probes.add(probe);
            probe.next();
        }
    }

    /** That of the latest loop. */
    Duration now() {
        long now = nanoTime.getAsLong();
        return Duration.ofNanos(
                probes.stream().mapToLong(probe -> probe.at(now)).max().orElse(0));
    }

    /** Asks one loop for a turn, again and again. */
    private final class Probe implements Runnable {
        private static final double QUICKLY = 1.0 / 8;

        private final EventExecutor loop;
        private volatile long due;
        private volatile double late;

        Probe(EventExecutor loop) {
            this.loop = loop;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread, the loop's
        public void run() {
            late += (nanoTime.getAsLong() - due - late) * QUICKLY;
            next();
        }

        private void next() {
            due = nanoTime.getAsLong() + PERIOD.toNanos();
            if (!loop.isShuttingDown()) {
                var unused = loop.schedule(this, PERIOD.toNanos(), TimeUnit.NANOSECONDS);
            }
        }

        /** The mean of the last eight or so; a loop that is late right now is at least so late. */
        long at(long now) {
            return Math.max(0, Math.max((long) late, now - due));
        }
    }
}
