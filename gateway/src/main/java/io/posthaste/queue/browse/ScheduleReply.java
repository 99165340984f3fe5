package io.posthaste.queue.browse;

import io.posthaste.queue.browse.Deliveries.Schedule;
import org.jspecify.annotations.Nullable;

/** What schedule.lua answers. */
final class ScheduleReply {
    /** Lanes of one script call: a call with full lanes stays well below a millisecond or two. */
    static final int PART = 8;

    private static final int TOTALS = 3;

    private ScheduleReply() {}

    static Schedule decode(Object reply) {
        @Nullable Object[] parts = (Object[]) reply;
        long[] steps = new long[parts.length - TOTALS];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = DepthReply.number(parts[TOTALS + i]);
        }
        return new Schedule(
                DepthReply.number(parts[0]), DepthReply.number(parts[1]), DepthReply.number(parts[2]), steps);
    }

    /** Both, from where the earlier begins: they are some milliseconds apart. */
    static Schedule join(Schedule earlier, Schedule later) {
        long[] steps = earlier.steps().clone();
        for (int i = 0; i < steps.length; i++) {
            steps[i] += later.steps()[i];
        }
        return new Schedule(
                earlier.atMillis(), earlier.overdue() + later.overdue(), earlier.later() + later.later(), steps);
    }
}
