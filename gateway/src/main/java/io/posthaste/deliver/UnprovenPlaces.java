package io.posthaste.deliver;

import java.util.HashMap;
import java.util.Map;

/**
 * Places that all hosts share which have not answered lately. A place for each host guards against one that is silent,
 * not against thousands: together they would hold every slot for as long as attempts may take.
 *
 * <p>A lane gets as many as are still free and no more, so one that takes all it can get always leaves some for a lane
 * that has none: new hosts of others find out at once that theirs answer. Thread-safe.
 */
final class UnprovenPlaces {
    private final int most;
    private final Map<String, Integer> taken = new HashMap<>();
    private int total;

    UnprovenPlaces(int most) {
        this.most = most;
    }

    /** Takes a place; false when the lane has its share. */
    synchronized boolean enter(String lane) {
        int own = taken.getOrDefault(lane, 0);
        if (own >= most - total) {
            return false;
        }
        taken.put(lane, own + 1);
        total++;
        return true;
    }

    synchronized void leave(String lane) {
        taken.computeIfPresent(lane, (name, own) -> own == 1 ? null : own - 1);
        total--;
    }
}
