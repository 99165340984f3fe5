package io.posthaste.alert;

/**
 * What came of a lane's attempts.
 *
 * @param sent deliveries that were taken
 * @param unsuccessful attempts that will be repeated, and deliveries that failed
 */
public record LaneTally(long sent, long unsuccessful) {
    static final LaneTally NONE = new LaneTally(0, 0);

    LaneTally since(LaneTally earlier) {
        return new LaneTally(Math.max(0, sent - earlier.sent), Math.max(0, unsuccessful - earlier.unsuccessful));
    }

    LaneTally and(LaneTally more) {
        return new LaneTally(sent + more.sent, unsuccessful + more.unsuccessful);
    }

    long attempts() {
        return sent + unsuccessful;
    }

    /** Percent of all. */
    double failing() {
        return attempts() == 0 ? 0 : 100.0 * unsuccessful / attempts();
    }
}
