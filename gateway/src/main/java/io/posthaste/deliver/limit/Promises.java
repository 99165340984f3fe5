package io.posthaste.deliver.limit;

/**
 * Tokens that claims under way may bring jobs for, and those of jobs that were claimed and have not come for theirs yet.
 * Belongs to its purse, under the purse's lock. Times are nanoseconds.
 */
final class Promises {
    /** By then a job that was claimed has come for its token, or ended without. */
    private static final long ON_THE_WAY = 50_000_000L;

    /** A claim that was not answered by then, nor failed, never will be. */
    private static final long UNDER_WAY = 30_000_000_000L;

    private int toClaims;
    private long toldAt;
    private int onTheWay;
    private long claimedAt;

    void toClaim(int tokens, long now) {
        if (tokens > 0) {
            toClaims = toClaims(now) + tokens;
            toldAt = now;
        }
    }

    /** @param tokens that were promised to it */
    void claimed(int tokens, int jobs, long now) {
        toClaims = Math.max(0, toClaims(now) - tokens);
        if (jobs > 0) {
            onTheWay = onTheWay(now) + jobs;
            claimedAt = now;
        }
    }

    void taken(long now) {
        onTheWay = Math.max(0, onTheWay(now) - 1);
    }

    int open(long now) {
        return toClaims(now) + onTheWay(now);
    }

    private int toClaims(long now) {
        return now - toldAt > UNDER_WAY ? 0 : toClaims;
    }

    private int onTheWay(long now) {
        return now - claimedAt > ON_THE_WAY ? 0 : onTheWay;
    }
}
