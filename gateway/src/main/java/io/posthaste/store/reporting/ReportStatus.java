package io.posthaste.store.reporting;

import java.util.Map;

/**
 * How a reporting webhook stands. Times are epoch milliseconds, 0 for never.
 *
 * @param position the stream entry it is done with, {@code 0-0} before the first
 * @param lag entries after it, wanted or not
 * @param nextAttemptAtMillis while it waits after a failure
 * @param paused whether that wait is the long one
 */
public record ReportStatus(
        String position, long lag, Events events, LastAttempt last, long nextAttemptAtMillis, boolean paused) {

    /**
     * What became of its events so far.
     *
     * @param delivered that its receiver took
     * @param lost that were trimmed from the stream before their turn
     * @param expired that were given up because they grew too old
     */
    public record Events(long delivered, long lost, long expired) {
        Events and(Events other) {
            return new Events(delivered + other.delivered, lost + other.lost, expired + other.expired);
        }
    }

    /**
     * How it went last.
     *
     * @param failures attempts that failed since the last one that did not
     * @param status of the answer, 0 when there was none
     * @param reason empty when it was taken
     */
    public record LastAttempt(long failures, int status, String reason, long atMillis) {}

    /**
     * @param state the hash as it is kept
     * @param written entries ever written to the stream
     */
    static ReportStatus of(Map<String, String> state, long written) {
        return new ReportStatus(
                state.getOrDefault("position", "0-0"),
                Math.max(0, written - number(state, "seq")),
                new Events(number(state, "delivered"), number(state, "lost"), number(state, "expired")),
                new LastAttempt(
                        number(state, "failures"),
                        (int) number(state, "status"),
                        state.getOrDefault("reason", ""),
                        number(state, "at")),
                number(state, "not-before"),
                "1".equals(state.get("paused")));
    }

    /** Both: the same webhook's on another shard. The last attempt and its wait are those of the later one. */
    ReportStatus and(ReportStatus other) {
        boolean later = other.last.atMillis() > last.atMillis();
        ReportStatus latest = later ? other : this;
        return new ReportStatus(
                latest.position,
                lag + other.lag,
                events.and(other.events),
                latest.last,
                latest.nextAttemptAtMillis,
                paused || other.paused);
    }

    private static long number(Map<String, String> state, String name) {
        return Long.parseLong(state.getOrDefault(name, "0"));
    }
}
