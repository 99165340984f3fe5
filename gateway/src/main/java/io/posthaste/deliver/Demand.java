package io.posthaste.deliver;

/**
 * How many jobs the next claim asks for: as many as there is room for in a window of deliveries in flight. A job whose
 * host has no place for it goes back to Redis, which costs as much as one that is sent; so the window shrinks by what
 * came back, and widens step by step while nothing does. Belongs to the loop's thread.
 */
final class Demand {
    /** Asked for even when the window is full: jobs of other hosts are to be found among them. */
    private static final int LEAST = 16;

    private static final int STEP = 2;

    private final int slots;
    private final int batch;
    private int window;
    private long refusedBefore;

    /**
     * @param slots most deliveries in flight
     * @param batch most jobs of one claim
     */
    Demand(int slots, int batch) {
        this.slots = slots;
        this.batch = batch;
        this.window = slots;
    }

    /** @param taken slots with a delivery in flight */
    int beside(int taken) {
        int room = Math.max(LEAST, window - taken);
        return Math.max(0, Math.min(batch, Math.min(room, slots - taken)));
    }

    /**
     * Looks at what came of the claims so far.
     *
     * @param refusals jobs given back since the start
     */
    void adjust(long refusals) {
        long refused = refusals - refusedBefore;
        refusedBefore = refusals;
        window = (int) Math.min(slots, Math.max(LEAST, window + (refused > 0 ? -refused : STEP)));
    }
}
