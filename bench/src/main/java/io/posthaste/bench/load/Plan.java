package io.posthaste.bench.load;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a load is driven.
 *
 * @param deliveries most jobs to enqueue
 * @param perSecond jobs to enqueue a second; 0 for as fast as they are delivered
 * @param duration when to stop enqueuing; null when all {@code deliveries} are enqueued
 * @param backlog without a rate: how far enqueuing may be ahead of delivering
 * @param warmUp how long after the first delivery the measured window begins; with a rate also how long work
 *     goes on at full speed before the run
 * @param lateAfter how long after its due time a delivery counts as late
 * @param patience how long the end of a run waits without any arrival before what is missing counts as lost
 */
public record Plan(
        int deliveries,
        double perSecond,
        @Nullable Duration duration,
        int backlog,
        Duration warmUp,
        Duration lateAfter,
        Duration patience) {

    private static final int WARM_UP_JOBS = 100_000;
    private static final int WARM_UP_BACKLOG = 1_000;

    /**
     * What comes before a run at a steady rate. Without it, the queue that builds up before a cold JVM would be most of
     * the latency measured.
     */
    Plan warmUpOnly() {
        return new Plan(WARM_UP_JOBS, 0, warmUp, WARM_UP_BACKLOG, warmUp, lateAfter, patience);
    }

    /** How many deliveries a run of this length may need: no gateway of one machine outruns it; the ledger needs a bound. */
    static int most(int deliveries, @Nullable Duration duration, double rate) {
        if (duration == null) {
            return deliveries;
        }
        double fastest = rate > 0 ? rate : 100_000;
        return (int) Math.min(50_000_000, Math.ceil(fastest * duration.toSeconds()) + 1);
    }
}
