package io.posthaste.bench.load.cluster;

import io.posthaste.bench.load.drive.Ledger;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * What a fault did to the jobs whose shards it hit, and to the others.
 *
 * @param usualFrom from when on the load ran as usual, epoch microseconds
 * @param from when it happened
 * @param to when jobs that were enqueued after it had arrived from everything it hit
 * @param hit the jobs of the shards that it hit
 */
record Outage(long usualFrom, long from, long to, IntPredicate hit) {
    /** A failover is to be over by then; what decides it is the cluster's node time-out, 2 s here. */
    private static final long LONGEST_MICROS = 15_000_000;

    /** Others wait twice as long at most, or so long when that is more: ten processes share two processors. */
    private static final long NOISE_MICROS = 300_000;

    /** The longest that a job of what was hit waited. */
    long longest(Ledger ledger) {
        long[] waits = ledger.delays(from - LONGEST_MICROS, to, hit);
        return waits.length == 0 ? 0 : waits[waits.length - 1];
    }

    boolean isBorne(Ledger ledger) {
        long usual = p99(ledger.delays(usualFrom, from, hit.negate()));
        return longest(ledger) <= LONGEST_MICROS
                && p99(ledger.delays(from, to, hit.negate())) <= Math.max(2 * usual, NOISE_MICROS);
    }

    String describe(Ledger ledger) {
        return String.format(
                Locale.ROOT,
                "longest wait %.1f s; p99 of other shards %.1f ms, usually %.1f",
                longest(ledger) / 1e6,
                p99(ledger.delays(from, to, hit.negate())) / 1e3,
                p99(ledger.delays(usualFrom, from, hit.negate())) / 1e3);
    }

    private static long p99(long[] ordered) {
        return ordered.length == 0 ? 0 : ordered[(int) (ordered.length * 0.99)];
    }
}
