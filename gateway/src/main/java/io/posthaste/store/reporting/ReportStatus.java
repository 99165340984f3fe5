package io.posthaste.store.reporting;

import java.util.Map;

/**
 * How a reporting webhook stands. Times are epoch milliseconds, 0 for never.
 *
 * @param position the stream entry it is done with, {@code 0-0} before the first
 * @param lag entries after it, wanted or not
 * @param delivered events that its receiver took
 * @param lost entries that were trimmed from the stream before their turn
 * @param expired events given up because they grew too old
 * @param failures attempts that failed since the last one that did not
 * @param lastStatus of the last attempt, 0 when there was no answer
 * @param lastReason empty when the last attempt was taken
 * @param nextAttemptAtMillis while it waits after a failure
 * @param paused whether that wait is the long one
 */
public record ReportStatus(
        String position,
        long lag,
        long delivered,
        long lost,
        long expired,
        long failures,
        int lastStatus,
        String lastReason,
        long lastAttemptAtMillis,
        long nextAttemptAtMillis,
        boolean paused) {

    /**
     * @param state the hash as it is kept
     * @param written entries ever written to the stream
     */
    static ReportStatus of(Map<String, String> state, long written) {
        return new ReportStatus(
                state.getOrDefault("position", "0-0"),
                Math.max(0, written - number(state, "seq")),
                number(state, "delivered"),
                number(state, "lost"),
                number(state, "expired"),
                number(state, "failures"),
                (int) number(state, "status"),
                state.getOrDefault("reason", ""),
                number(state, "at"),
                number(state, "not-before"),
                "1".equals(state.get("paused")));
    }

    private static long number(Map<String, String> state, String name) {
        return Long.parseLong(state.getOrDefault(name, "0"));
    }
}
