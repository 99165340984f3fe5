package io.posthaste.queue.browse;

import io.posthaste.queue.browse.Deliveries.Depth;
import io.posthaste.queue.browse.Deliveries.Lane;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Two shards as if they were one. */
final class ShardedDepth {
    private ShardedDepth() {}

    static Depth join(Depth one, Depth other) {
        Map<String, Lane> lanes = new TreeMap<>();
        Stream.concat(one.lanes().stream(), other.lanes().stream())
                .forEach(lane -> lanes.merge(lane.name(), lane, ShardedDepth::join));
        return new Depth(
                Math.max(one.atMillis(), other.atMillis()),
                new Depth.Inbox(
                        one.inbox().entries() + other.inbox().entries(),
                        earlier(one.inbox().oldestMillis(), other.inbox().oldestMillis())),
                join(one.totals(), other.totals()),
                lanes.values().stream().toList());
    }

    private static Depth.Totals join(Depth.Totals one, Depth.Totals other) {
        return new Depth.Totals(
                one.leased() + other.leased(),
                one.failed() + other.failed(),
                one.drafted() + other.drafted(),
                one.quarantined() + other.quarantined());
    }

    private static Lane join(Lane one, Lane other) {
        return new Lane(
                one.name(),
                one.waiting() + other.waiting(),
                one.due() + other.due(),
                one.inFlight() + other.inFlight(),
                earlier(one.oldestDueMillis(), other.oldestDueMillis()),
                one.paused() || other.paused(),
                one.pausedBecause().isEmpty() ? other.pausedBecause() : one.pausedBecause(),
                one.held() + other.held());
    }

    /** 0 is none. */
    private static long earlier(long one, long other) {
        return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
    }
}
