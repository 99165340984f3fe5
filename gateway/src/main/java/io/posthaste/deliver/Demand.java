package io.posthaste.deliver;

/**
 * How many jobs the next claim asks for: as many as there is room for in a window of deliveries in flight.
 *
 * <p>The window starts small and, while it is used, grows with each delivery: a gateway that meets a million due jobs
 * opens as many connections as it gets answers for, and no more. One of which little was used for a while shrinks to
 * twice what was. Of a large one only as much is used as {@link Throughput} finds of use.
 *
 * <p>A job whose host has no place for it goes back to Redis, which costs as much as one that is sent; from the
 * first of those on the window widens step by step only, and shrinks by what came back. Belongs to the loop's thread.
 */
final class Demand {
    /** Asked for even when a window that some came back to is full: jobs of other hosts are to be found among them. */
    private static final int LEAST = 16;

    private static final int START = 256;

    /** Up to here what is in flight costs next to nothing, and receivers that are suddenly slower are not waited for. */
    private static final int CHEAP = 1_024;

    private static final int STEP = 2;

    /** Connections are kept for about as long without use. */
    private static final long REMEMBERED_NANOS = 30_000_000_000L;

    private final int slots;
    private final int batch;
    private int window;
    /** How far it may grow with every delivery; beyond it goes step by step. */
    private int ceiling;

    private long refusedBefore;
    private long answeredBefore;
    private final Throughput throughput = new Throughput();
    private int used;
    private long usedSince;

    /**
     * @param slots most deliveries in flight
     * @param batch most jobs of one claim
     */
    Demand(int slots, int batch) {
        this.slots = slots;
        this.batch = batch;
        this.window = Math.min(START, slots);
        this.ceiling = slots;
    }

    /**
     * @param taken slots with a delivery in flight
     * @param silent those of them whose hosts do not answer, which have a bound of their own
     */
    int beside(int taken, int silent) {
        int heard = taken - silent;
        int useful = (int) Math.min(slots, Math.max(CHEAP, throughput.useful()));
        int room = window < ceiling ? window - heard : Math.max(LEAST, window - heard);
        return Math.max(0, Math.min(Math.min(batch, room), Math.min(useful - heard, slots - taken)));
    }

    /**
     * What became of the claims so far.
     *
     * @param taken slots with a delivery in flight
     * @param refusals jobs given back since the start
     * @param answers deliveries since the start
     * @param answeredIn milliseconds that these took, all together
     */
    record Seen(int taken, long refusals, long answers, long answeredIn) {}

    /** @param now nanoseconds */
    void adjust(Seen seen, long now) {
        long refused = seen.refusals() - refusedBefore;
        long answered = seen.answers() - answeredBefore;
        refusedBefore = seen.refusals();
        answeredBefore = seen.answers();
        throughput.follow(seen.answers(), seen.answeredIn(), now);
        if (refused > 0) {
            window = within(LEAST, window - refused);
            ceiling = window;
        } else {
            widen(seen.taken(), answered);
        }
        forget(seen.taken(), now);
    }

    private void widen(int taken, long answered) {
        if (window == ceiling) {
            window = within(LEAST, window + STEP);
            ceiling = window;
        } else if (2L * taken >= window) {
            window = (int) Math.min(ceiling, window + answered);
        }
    }

    private void forget(int taken, long now) {
        used = Math.max(used, taken);
        if (now - usedSince > REMEMBERED_NANOS) {
            window = Math.min(window, within(Math.min(START, slots), 2L * used));
            used = taken;
            usedSince = now;
        }
    }

    private int within(int least, long wanted) {
        return Math.clamp(wanted, Math.min(least, slots), slots);
    }
}
