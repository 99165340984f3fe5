package io.posthaste.metrics;

/** Milliseconds that half, 95 % and 99 % did not exceed; each -1 when there was nothing to measure. */
public record Percentiles(long p50, long p95, long p99) {
    public static final Percentiles NONE = new Percentiles(-1, -1, -1);
}
