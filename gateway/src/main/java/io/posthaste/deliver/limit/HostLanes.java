package io.posthaste.deliver.limit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The lanes of one host that answers. A path that hangs is usually one lane's, and shall not take the places of those
 * whose paths answer.
 *
 * <p>A lane is silent when its host went on answering others for {@link #patience} since it last answered this one. Silent
 * lanes share a quarter of the host's places, of which each gets as many as are still free; and that they go on being
 * silent says nothing about the host, once several attempts are. Lanes without an attempt in flight are forgotten.
 * Thread-safe. Times are nanoseconds.
 */
final class HostLanes {
    private static final int SHARE_OF_SILENT = 4;

    /** So long, and so many times what is usual for the host: answers of one lane may come that far apart. */
    private static final Duration SILENT = Duration.ofMillis(500);

    private static final int TIMES_USUAL = 4;

    /** Attempts: fewer that are silent together may as well be what an overloaded host drops. */
    private static final int SEVERAL = 4;

    private final Map<String, Lane> lanes = new HashMap<>();
    private int probes;

    /**
     * @param probes attempts in flight that began while it was silent
     * @param quietSince when its first attempt in flight began, or its last answer came
     */
    private record Lane(int inFlight, int probes, long quietSince) {
        Lane with(int more, int moreProbes, long since) {
            return new Lane(inFlight + more, probes + moreProbes, since);
        }
    }

    /** @param usualMillis what the host's answers usually take */
    static long patience(double usualMillis) {
        return SILENT.plusMillis((long) (TIMES_USUAL * usualMillis)).toNanos();
    }

    /**
     * @param answeredAt when the host was last heard
     * @param patience as {@link #patience} says
     */
    synchronized boolean isSilent(String lane, long answeredAt, long patience) {
        Lane known = lanes.get(lane);
        return known != null && answeredAt - known.quietSince > patience;
    }

    /** Whether the silence of an attempt is the lane's own, and says nothing about the host. */
    synchronized boolean isLanesOwn(String lane, long answeredAt, long patience) {
        Lane known = lanes.get(lane);
        return known != null && known.inFlight >= SEVERAL && isSilent(lane, answeredAt, patience);
    }

    /** Whether a silent lane may have another place. */
    synchronized boolean hasPlace(String lane, int placesOfHost) {
        Lane known = lanes.get(lane);
        int taken = known == null ? 0 : known.probes;
        return taken < Math.max(1, placesOfHost / SHARE_OF_SILENT - probes);
    }

    /** For how long the lane had no answer; 0 when nothing of it is in flight. */
    synchronized long quiet(String lane, long now) {
        Lane known = lanes.get(lane);
        return known == null ? 0 : now - known.quietSince;
    }

    synchronized void enter(String lane, boolean probe, long now) {
        int more = probe ? 1 : 0;
        lanes.merge(lane, new Lane(1, more, now), (known, first) -> known.with(1, more, known.quietSince));
        probes += more;
    }

    /** @param answered whether the attempt brought an answer */
    synchronized void leave(String lane, boolean probe, boolean answered, long now) {
        int less = probe ? -1 : 0;
        lanes.computeIfPresent(
                lane,
                (name, known) -> known.inFlight == 1 ? null : known.with(-1, less, answered ? now : known.quietSince));
        probes += less;
    }
}
