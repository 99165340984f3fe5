package io.posthaste.bench.load.drive;

import java.util.function.IntSupplier;

/** When which job may be enqueued. */
public sealed interface Pace {
    /** How many jobs, from the first on, may have been enqueued by {@code now}. */
    int allowed(long now);

    /** When job {@code number} was meant to be enqueued; {@code now} if it is not tied to a time. */
    long intended(int number, long now);

    /** So many a second from {@code start} on, whatever the gateway does: an open loop, as real upstreams are. */
    record Steady(double perSecond, long start) implements Pace {
        @Override
        public int allowed(long now) {
            return (int) Math.min(Integer.MAX_VALUE, (now - start) * perSecond / 1e6);
        }

        @Override
        public long intended(int number, long now) {
            return start + (long) (number * 1e6 / perSecond);
        }
    }

    /** As fast as it goes, but never more than {@code backlog} ahead of what was delivered. */
    record Bounded(int backlog, IntSupplier delivered) implements Pace {
        @Override
        public int allowed(long now) {
            return delivered.getAsInt() + backlog;
        }

        @Override
        public long intended(int number, long now) {
            return now;
        }
    }
}
