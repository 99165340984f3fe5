package io.posthaste.metrics;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Latencies of the last ten seconds: exact below 32 ms, within 6 % above. Recording is one atomic increment and may come
 * from any thread; everything else belongs to whoever ticks.
 */
final class LatencyCounts {
    static final int WINDOW_SECONDS = 10;

    /** Steps per doubling. */
    private static final int STEPS = 16;

    private static final int BUCKETS = 22 * STEPS;
    private static final long LONGEST = (1L << 25) - 1;

    private final AtomicIntegerArray running = new AtomicIntegerArray(BUCKETS);
    private final int[][] closed = new int[WINDOW_SECONDS][BUCKETS];
    private int next;

    void record(long millis) {
        running.incrementAndGet(bucket(Math.clamp(millis, 0, LONGEST)));
    }

    /** Ends the running second and answers what the window holds now. */
    Percentiles tick() {
        int[] second = closed[next];
        next = (next + 1) % WINDOW_SECONDS;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            second[bucket] = running.get(bucket) == 0 ? 0 : running.getAndSet(bucket, 0);
        }
        return percentiles();
    }

    private Percentiles percentiles() {
        int[] sum = new int[BUCKETS];
        long total = 0;
        for (int[] second : closed) {
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                sum[bucket] += second[bucket];
                total += second[bucket];
            }
        }
        return total == 0
                ? Percentiles.NONE
                : new Percentiles(below(sum, total * 0.5), below(sum, total * 0.95), below(sum, total * 0.99));
    }

    /** The latency that this many are not above. */
    private static long below(int[] counts, double many) {
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            seen += counts[bucket];
            if (seen >= many) {
                return highest(bucket);
            }
        }
        return LONGEST;
    }

    private static int bucket(long millis) {
        if (millis < STEPS) {
            return (int) millis;
        }
        int shift = 59 - Long.numberOfLeadingZeros(millis);
        return shift * STEPS + (int) (millis >> shift);
    }

    private static long highest(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((long) (STEPS + bucket % STEPS + 1) << shift) - 1;
    }
}
