package io.posthaste.deliver;

import java.util.HashMap;
import java.util.Map;

/**
 * Places that all hosts share which have not answered lately. A place for each host guards against one that is silent,
 * not against thousands: together they would hold every slot for as long as attempts may take.
 *
 * <p>A lane gets as many as are still free and no more, so one that takes all it can get always leaves some for a lane
 * that has none: new hosts of others find out at once that theirs answer. Thread-safe. Times are nanoseconds.
 */
final class UnprovenPlaces {
    private static final long SILENT_NANOS = 500_000_000L;

    private final int most;
    private final Map<String, Share> shares = new HashMap<>();
    private int total;

    /** @param quietSince when the lane's first place was taken, or an attempt in one of them was answered last */
    private record Share(int taken, long quietSince) {}

    UnprovenPlaces(int most) {
        this.most = most;
    }

    /** Takes a place; false when the lane has its share. */
    synchronized boolean enter(String lane, long now) {
        Share share = shares.getOrDefault(lane, new Share(0, now));
        if (share.taken() >= most - total) {
            return false;
        }
        shares.put(lane, new Share(share.taken() + 1, share.quietSince()));
        total++;
        return true;
    }

    /** @param answered whether the attempt brought an answer */
    synchronized void leave(String lane, boolean answered, long now) {
        shares.computeIfPresent(
                lane,
                (name, share) ->
                        share.taken() == 1 ? null : new Share(share.taken() - 1, answered ? now : share.quietSince()));
        total--;
    }

    /** Places of lanes in which no attempt was answered for half a second: nobody should wait for these. */
    synchronized int silent(long now) {
        return shares.values().stream()
                .filter(share -> now - share.quietSince() > SILENT_NANOS)
                .mapToInt(Share::taken)
                .sum();
    }

    /** For how long no attempt in the lane's places was answered; 0 when it has none. */
    synchronized long quiet(String lane, long now) {
        Share share = shares.get(lane);
        return share == null ? 0 : now - share.quietSince();
    }
}
