package io.posthaste.metrics;

/**
 * How long answers took, as counts by steps that add up over minutes, days and gateways: milliseconds one by one below 8,
 * four steps to a doubling above. What is longer than {@value #LONGEST} ms counts as that.
 */
public final class AnswerTimes {
    /** How many counts there are. */
    public static final int STEPS = 60;

    private static final int PER_DOUBLING = 4;
    private static final int LONGEST = (1 << 16) - 1;

    private AnswerTimes() {}

    /** Where an answer of so many milliseconds counts. */
    public static int step(long millis) {
        int bounded = Math.clamp(millis, 0, LONGEST);
        if (bounded < PER_DOUBLING) {
            return bounded;
        }
        int shift = 29 - Integer.numberOfLeadingZeros(bounded);
        return shift * PER_DOUBLING + (bounded >> shift);
    }

    /**
     * Each lies in the right step, so it is never off by more than a quarter of itself; within the step answers are taken
     * to be spread evenly.
     *
     * @param counts by steps
     */
    public static Percentiles percentiles(long[] counts) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total == 0
                ? Percentiles.NONE
                : new Percentiles(
                        notAbove(counts, total * 0.5), notAbove(counts, total * 0.95), notAbove(counts, total * 0.99));
    }

    private static long notAbove(long[] counts, double many) {
        long seen = 0;
        for (int step = 0; step < counts.length; step++) {
            if (counts[step] > 0 && seen + counts[step] >= many) {
                long from = lowest(step);
                return from + Math.round((lowest(step + 1) - 1 - from) * (many - seen) / counts[step]);
            }
            seen += counts[step];
        }
        return LONGEST;
    }

    private static long lowest(int step) {
        if (step < PER_DOUBLING) {
            return step;
        }
        int shift = step / PER_DOUBLING - 1;
        return (long) (PER_DOUBLING + step % PER_DOUBLING) << shift;
    }
}
