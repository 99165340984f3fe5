package io.posthaste.deliver.limit;

import io.posthaste.job.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** When a lease comes again for which its host had no place, and how many jobs of its lane are claimed until then. */
final class GivingBack {
    /** Long enough that a full host's backlog is not claimed in circles, short against any retry. */
    private static final Outcome.Released LATER = new Outcome.Released(Duration.ofMillis(250));

    private static final long SHORTEST_WAIT_MILLIS = 20;
    private static final long LONGEST_WAIT_MILLIS = 1_000;
    /** For a place of a host that is given more with each answer. */
    private static final long LONGEST_WAIT_FOR_GROWTH_MILLIS = 250;

    private static final long WAIT_FOR_TURN_MILLIS = 500;
    private static final long WAIT_FOR_BYTES_MILLIS = 250;

    /** From then on a lane whose new hosts do not answer is claimed a few jobs at a time. */
    private static final long SILENT_MILLIS = 250;

    private final HeldLanes held;
    private final LongAdder full = new LongAdder();
    private final AtomicLong spread = new AtomicLong();

    GivingBack(LongSupplier nanoTime) {
        this.held = new HeldLanes(nanoTime);
    }

    /** A host that answers has all it may have: more was claimed than can be sent. */
    Outcome.Released full() {
        full.increment();
        return LATER;
    }

    /** Leases that came back {@link #full} since the start. */
    long refusals() {
        return full.sum();
    }

    /** The next answers bring more places, so that this says nothing about how many jobs should be claimed. */
    Outcome.Released whileGrowing(HostWindow window) {
        return after(Math.clamp((long) window.recent(), SHORTEST_WAIT_MILLIS, LONGEST_WAIT_FOR_GROWTH_MILLIS));
    }

    /**
     * Comes again after as long as the lane's new hosts have been silent by now: at once when they are quick, in seconds
     * when they are not.
     */
    Outcome.Released whileSilent(String lane, long bytes, long quietNanos) {
        long quiet = quietNanos / 1_000_000;
        if (quiet > SILENT_MILLIS) {
            held.refused(lane, bytes);
        }
        return after(Math.clamp(quiet, SHORTEST_WAIT_MILLIS, LONGEST_WAIT_MILLIS));
    }

    /** A new host waits for its turn among others. */
    Outcome.Released untilItsTurn(String lane, long bytes) {
        held.refused(lane, bytes);
        return after(WAIT_FOR_TURN_MILLIS);
    }

    /** @param room for how many bodies of this size there is room by then */
    Outcome.Released untilThereIsRoom(String lane, long bytes, IntSupplier room) {
        held.refused(lane, bytes, room);
        return after(WAIT_FOR_BYTES_MILLIS);
    }

    /** As {@link HeldLanes#limits}. */
    Map<String, Integer> heldLanes() {
        return held.limits();
    }

    /** Spread over as long again, so that a crowd does not come again together. */
    private Outcome.Released after(long least) {
        long delay = least + spread.incrementAndGet() * 7_919 % least;
        return new Outcome.Released(Duration.ofMillis(delay));
    }
}
