package io.posthaste.queue;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of settlements that Redis does not take, ever more seldom: the 1st, 2nd, 4th, 8th … failure since the last time
 * that none was failing. An outage of an hour is a dozen lines, and so is one job that fails for an hour beside others.
 */
final class SettleFailures {
    private static final Logger LOG = LoggerFactory.getLogger(SettleFailures.class);

    private int failing;
    private long failures;

    /** @param first whether this batch had not failed before */
    synchronized void failed(int jobs, boolean first, @Nullable Throwable cause) {
        failures++;
        if (first) {
            failing++;
        }
        if (Long.bitCount(failures) == 1) {
            LOG.atWarn()
                    .addKeyValue("failures", failures)
                    .addKeyValue("jobs", jobs)
                    .addKeyValue("cause", cause == null ? "an unexpected reply" : cause.toString())
                    .log("settle.repeated");
        }
    }

    /** A failing batch became two. */
    synchronized void split() {
        failing++;
    }

    /** A failing batch was taken. */
    synchronized void recovered() {
        if (--failing == 0) {
            failures = 0;
        }
    }
}
