package io.posthaste.bench.load.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * When the gateway is killed: at random in the first two fifths of a soak, and once shortly before its end. In between
 * one life is long enough to show whether something grows.
 */
final class Kills {
    private static final double EARLY_SHARE = 0.4;
    private static final double QUIET_SHARE = 0.05;
    private static final long ONE_FOR_EACH_MILLIS = 360_000;
    private static final long APART_MILLIS = 5_000;

    private Kills() {}

    /** Moments after the start, in their order. */
    static List<Duration> plan(Duration soak, Random random) {
        long early = Math.round(soak.toMillis() * EARLY_SHARE);
        int count = 1 + (int) (soak.toMillis() / ONE_FOR_EACH_MILLIS);
        // Each has a part of the time for itself, so that none falls into the restart after another.
        long part = early / count;
        List<Duration> kills = new ArrayList<>(IntStream.range(0, count)
                .mapToObj(kill -> Duration.ofMillis(
                        kill * part + APART_MILLIS + random.nextLong(Math.max(1, part - APART_MILLIS))))
                .toList());
        long late = Math.round(soak.toMillis() * (1 - QUIET_SHARE * (0.4 + 0.6 * random.nextDouble())));
        kills.add(Duration.ofMillis(late));
        return kills;
    }
}
