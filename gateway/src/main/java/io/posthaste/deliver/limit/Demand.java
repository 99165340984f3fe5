package io.posthaste.deliver.limit;

import java.time.Duration;

/**
 * How many jobs the next claim asks for: as many as there is room for in a window of deliveries in flight.
 *
 * <p>The window starts small and, while it is used, grows with each answer: a gateway that meets a million due jobs
 * opens as many connections as it gets answers for, and no more. It grows only while the event loops are on time, and
 * shrinks while they are far behind: what is beyond would wait in this process, and run out of time there. One of which
 * little was used for a while shrinks to twice what was.
 *
 * <p>A job whose host has no place for it goes back to Redis, which costs as much as one that is sent; from the
 * first of those on the window widens step by step only, and shrinks by what came back. Belongs to the loop's thread.
 */
public final class Demand {
    /** Asked for even when a window that some came back to is full: jobs of other hosts are to be found among them. */
    private static final int LEAST = 16;

    private static final int START = 256;

    /** So late are event loops while they have about as much as they can serve, and when they have far more. */
    private static final Duration BUSY = Duration.ofMillis(50);

    private static final Duration OVERLOADED = Duration.ofMillis(200);

    private static final int STEP = 2;

    /** Near to where it was too large it grows by a place for so many answers. */
    private static final int CAREFULLY = 8;

    /** Connections are kept for about as long without use. */
    private static final long REMEMBERED_NANOS = 30_000_000_000L;

    private final int slots;
    private final int batch;
    private int window;
    /** How far it may grow with every answer; beyond it goes step by step. */
    private int ceiling;

    /** How large it was when it last turned out to be too large. */
    private int overloadedAt = Integer.MAX_VALUE;

    private boolean shrinking;

    private long refusedBefore;
    private long answeredBefore;
    private int used;
    private long usedSince;

    /**
     * @param slots most deliveries in flight
     * @param batch most jobs of one claim
     */
    public Demand(int slots, int batch) {
        this.slots = slots;
        this.batch = batch;
        this.window = Math.min(START, slots);
        this.ceiling = slots;
    }

    /**
     * @param taken slots with a delivery in flight
     * @param silent those of them whose hosts do not answer, which have a bound of their own
     */
    public int beside(int taken, int silent) {
        int heard = taken - silent;
        int room = window < ceiling ? window - heard : Math.max(LEAST, window - heard);
        return Math.max(0, Math.min(batch, Math.min(room, slots - taken)));
    }

    /**
     * What became of the claims so far.
     *
     * @param taken slots with a delivery in flight
     * @param refusals jobs given back since the start
     * @param answers since the start
     * @param loopDelay how late this process gets to what became ready
     */
    public record Seen(int taken, long refusals, long answers, Duration loopDelay) {}

    /** @param now nanoseconds */
    public void adjust(Seen seen, long now) {
        long refused = seen.refusals() - refusedBefore;
        long answered = seen.answers() - answeredBefore;
        refusedBefore = seen.refusals();
        answeredBefore = seen.answers();
        if (refused > 0) {
            window = within(LEAST, window - refused);
            ceiling = window;
        } else if (seen.loopDelay().compareTo(OVERLOADED) > 0) {
            shrink(answered);
        } else if (seen.loopDelay().compareTo(BUSY) < 0) {
            shrinking = false;
            widen(seen.taken(), answered);
        }
        forget(seen.taken(), now);
    }

    private void shrink(long answered) {
        if (!shrinking) {
            overloadedAt = window;
        }
        shrinking = true;
        window = within(Math.min(window, START), window - answered);
    }

    private void widen(int taken, long answered) {
        if (window == ceiling) {
            window = within(LEAST, window + STEP);
            ceiling = window;
        } else if (2L * taken >= window) {
            long more = 2L * window < overloadedAt ? answered : answered / CAREFULLY;
            window = (int) Math.min(ceiling, window + more);
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
