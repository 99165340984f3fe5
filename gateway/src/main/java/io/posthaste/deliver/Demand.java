package io.posthaste.deliver;

/**
 * How many jobs the next claim asks for. A job whose host has no place for it goes back to Redis, which costs as much as
 * one that is sent; so claims get smaller by half while jobs come back, and larger step by step while none do. Belongs
 * to the loop's thread.
 */
final class Demand {
    private static final int LEAST = 16;
    private static final int STEP = 8;

    private final int most;
    private int size;
    private long refusedBefore;
    private boolean refused;

    /** @param most jobs of one claim */
    Demand(int most) {
        this.most = most;
        this.size = most;
    }

    /** @param free slots */
    int with(int free) {
        return Math.min(size, free);
    }

    /**
     * Looks at what came of the claims so far.
     *
     * @param refusals jobs given back since the start
     */
    void adjust(long refusals) {
        refused = refusals > refusedBefore;
        refusedBefore = refusals;
        size = refused ? Math.max(Math.min(LEAST, most), size / 2) : Math.min(most, size + STEP);
    }

    /** Whether jobs came back between the last two looks: places are short, and the next claim may as well wait. */
    boolean isRefused() {
        return refused;
    }
}
