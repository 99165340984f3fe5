package io.posthaste.deliver.limit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;

/**
 * Lanes whose jobs wait for the limit of one host. A claim takes as many of them as there are tokens for: the others keep
 * their places in the queue, and nothing is claimed only to be given back.
 *
 * <p>A lane whose jobs may go to other hosts, too, is tried beside that, with twice as many jobs at a time while most of
 * them are for others, and half as many while most are not. Belongs to its purse, under the purse's lock. Times are
 * nanoseconds.
 */
final class RatedLanes {
    /** What a try takes of a lane that may have jobs for other hosts. */
    private static final int LEAST = 8;

    private static final int MOST = 128;

    /** Between two tries. */
    private static final long PAUSE = 25_000_000;

    /** Lanes beyond are claimed as usual: what of theirs has no token is given back. */
    private static final int MOST_LANES = 64;

    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private int turn;

    /** What is known of a lane; it changes with each job. */
    private static final class Lane {
        private boolean whole;
        private long at;
        private long triedAt;
        private int few = LEAST;
        private int refused;

        /** How many jobs are tried now. */
        private int tries(long now) {
            if (whole || now - triedAt < PAUSE) {
                return 0;
            }
            few = 2 * refused <= few ? Math.min(MOST, 2 * few) : Math.max(LEAST, few / 2);
            refused = 0;
            triedAt = now;
            return few;
        }
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    Set<String> names() {
        return Set.copyOf(lanes.keySet());
    }

    /** @param whole whether all jobs of the lane are for this host */
    void refused(String name, boolean whole, long now) {
        Lane lane = lanes.get(name);
        if (lane == null) {
            if (lanes.size() >= MOST_LANES) {
                return;
            }
            lane = new Lane();
            lane.triedAt = now;
            lanes.put(name, lane);
        }
        lane.whole = whole;
        lane.at = now;
        lane.refused++;
    }

    /** A job of the lane took the last token: there may be more than there are tokens for. */
    void drained(String name, long now) {
        Lane lane = lanes.get(name);
        if (lane != null) {
            lane.at = now;
        }
    }

    /** Those of which nothing was heard for so long. */
    void forget(long now, long after) {
        lanes.values().removeIf(lane -> now - lane.at > after);
    }

    /**
     * Shares tokens among the lanes, who begins in turn.
     *
     * @param held is told how many jobs of each may be claimed
     * @return how many tokens were shared
     */
    int share(int tokens, long now, Map<String, Integer> held) {
        List<Entry<String, Lane>> all = new ArrayList<>(lanes.entrySet());
        int share = Math.ceilDiv(tokens, all.size());
        int left = tokens;
        turn = (turn + 1) % all.size();
        for (int i = 0; i < all.size(); i++) {
            Entry<String, Lane> lane = all.get((turn + i) % all.size());
            int part = Math.min(share, left);
            left -= part;
            held.merge(lane.getKey(), part + lane.getValue().tries(now), Integer::sum);
        }
        return tokens - left;
    }
}
