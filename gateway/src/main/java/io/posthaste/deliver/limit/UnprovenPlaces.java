package io.posthaste.deliver.limit;

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

    /**
     * Of hosts that are tried at once, and how soon after them another may be: to meet a host costs as much as many
     * requests to one that is known, and a crowd of them would hold up all others meanwhile. A lane's only attempt waits
     * for nobody.
     */
    private static final int HOSTS_AT_ONCE = 64;

    private static final long NEXT_HOST_NANOS = 2_000_000L;

    private final int most;
    private final long mostBytes;
    private final Map<String, Share> shares = new HashMap<>();
    private int total;
    private long totalBytes;
    /** When the hosts tried so far would all have had their turn, one after the other; an answer gives a turn back. */
    private long turnsTakenUntil;

    /** What asking for a place brings. */
    enum Entry {
        TAKEN,
        /** The lane has its share. */
        NO_SHARE,
        /** So many hosts were tried just now that this one has to wait for its turn. */
        NO_TURN
    }

    /** @param quietSince when the lane's first place was taken, or an attempt in one of them was answered last */
    private record Share(int taken, long quietSince) {}

    UnprovenPlaces(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /**
     * Takes a place.
     *
     * @param first whether nothing else is under way to this host
     */
    synchronized Entry enter(String lane, long bytes, boolean first, long now) {
        Share share = shares.getOrDefault(lane, new Share(0, now));
        boolean isHeavy = share.taken() > 0 && totalBytes + bytes > mostBytes;
        if (isHeavy || share.taken() >= most - total) {
            return Entry.NO_SHARE;
        }
        if (first && share.taken() > 0 && !takeTurn(now)) {
            return Entry.NO_TURN;
        }
        shares.put(lane, new Share(share.taken() + 1, share.quietSince()));
        total++;
        totalBytes += bytes;
        return Entry.TAKEN;
    }

    private boolean takeTurn(long now) {
        long from = total == 0 || turnsTakenUntil - now < 0 ? now : turnsTakenUntil;
        if (from - now >= HOSTS_AT_ONCE * NEXT_HOST_NANOS) {
            return false;
        }
        turnsTakenUntil = from + NEXT_HOST_NANOS;
        return true;
    }

    /** @param answered whether the attempt brought an answer */
    synchronized void leave(String lane, long bytes, boolean answered, long now) {
        shares.computeIfPresent(
                lane,
                (name, share) ->
                        share.taken() == 1 ? null : new Share(share.taken() - 1, answered ? now : share.quietSince()));
        total--;
        totalBytes -= bytes;
        if (answered) {
            turnsTakenUntil -= NEXT_HOST_NANOS;
        }
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
