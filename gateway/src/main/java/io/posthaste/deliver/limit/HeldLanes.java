package io.posthaste.deliver.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Lanes whose jobs were given back because their hosts have not answered and had no place. They are claimed for a while
 * as one tries the water: what is given back costs as much as what is sent, and others wait behind it. Thread-safe.
 */
final class HeldLanes {
    /** What one claim may still take of such a lane, for those of its hosts that answer. */
    private static final int A_FEW = 8;

    /** From this size on it is one job: to claim it and give it back moves all of it twice. */
    private static final long LARGE_BYTES = 16 << 10;

    /** Between two such claims. */
    private static final long PAUSE_NANOS = 25_000_000;

    /** How long a lane counts as one after the last job that was given back. */
    private static final long HELD_NANOS = 1_000_000_000;

    /** Told to one claim; what is beyond is claimed as usual. */
    private static final int MOST = 64;

    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<String, Refusal> lastRefusal = new ConcurrentHashMap<>();
    private final Map<String, Long> lastTry = new HashMap<>();

    private record Refusal(long at, int few, IntSupplier room) {}

    HeldLanes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param bytes of the job that was given back */
    void refused(String lane, long bytes) {
        refused(lane, bytes, () -> 0);
    }

    /** @param room for how many more of its kind there is room now */
    void refused(String lane, long bytes, IntSupplier room) {
        lastRefusal.put(lane, new Refusal(nanoTime.getAsLong(), bytes < LARGE_BYTES ? A_FEW : 1, room));
    }

    /** How many jobs of which lanes the next claim may take. One claim asks at a time. */
    Map<String, Integer> limits() {
        if (lastRefusal.isEmpty()) {
            return Map.of();
        }
        long now = nanoTime.getAsLong();
        lastRefusal.values().removeIf(refusal -> now - refusal.at() > HELD_NANOS);
        lastTry.keySet().retainAll(lastRefusal.keySet());
        Map<String, Integer> limits = new HashMap<>();
        lastRefusal.entrySet().stream()
                .limit(MOST)
                .forEach(held -> limits.put(held.getKey(), mayTake(held.getKey(), held.getValue(), now)));
        return limits;
    }

    private int mayTake(String lane, Refusal refusal, long now) {
        return Math.max(refusal.room().getAsInt(), mayTry(lane, now) ? refusal.few() : 0);
    }

    private boolean mayTry(String lane, long now) {
        Long before = lastTry.get(lane);
        boolean due = before == null || now - before > PAUSE_NANOS;
        if (due) {
            lastTry.put(lane, now);
        }
        return due;
    }
}
