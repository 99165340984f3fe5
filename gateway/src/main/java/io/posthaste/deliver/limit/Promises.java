package io.posthaste.deliver.limit;

/**
 * Tokens that claims under way may bring jobs for, and those of jobs that were claimed and have not come for theirs yet.
 * Belongs to its purse, under the purse's lock. Times are nanoseconds.
 */
final class Promises {
    /** By then a job that was claimed has come for its token, or ended without. */
    private static final long ON_THE_WAY = 50_000_000L;

    private int toClaims;
    private int onTheWay;
    private long claimedAt;

    void toClaim(int tokens) {
        toClaims += tokens;
    }

    /** @param tokens that were promised to it */
    void claimed(int tokens, int jobs, long now) {
        toClaims -= tokens;
        if (jobs > 0) {
            onTheWay = onTheWay(now) + jobs;
            claimedAt = now;
        }
    }

    void taken(long now) {
        onTheWay = Math.max(0, onTheWay(now) - 1);
    }

    int open(long now) {
        return toClaims + onTheWay(now);
    }

    private int onTheWay(long now) {
        return now - claimedAt > ON_THE_WAY ? 0 : onTheWay;
    }
}
