package io.posthaste.bench.load.drive;

import java.util.function.IntPredicate;
import org.HdrHistogram.Histogram;

/** From the time a job was due (for a steady pace: was meant to be enqueued) to its arrival, in microseconds. */
public final class Latency {
    private final Histogram histogram = new Histogram(3);

    /** Takes the jobs that are {@code wanted} and arrived between the two times. */
    public static Latency of(Ledger ledger, int offered, long from, long to, IntPredicate wanted) {
        Latency latency = new Latency();
        for (int number = 0; number < offered; number++) {
            long arrived = ledger.arrived[number];
            if (arrived >= from && arrived <= to && wanted.test(number)) {
                latency.histogram.recordValue(Math.max(0, arrived - ledger.offered[number]));
            }
        }
        return latency;
    }

    public long count() {
        return histogram.getTotalCount();
    }

    /** In milliseconds. */
    public double percentile(double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e3;
    }

    /** In milliseconds. */
    public double max() {
        return histogram.getMaxValue() / 1e3;
    }
}
