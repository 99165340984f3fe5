package io.posthaste.redis.layout;

import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.Shards;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which shards there are, and what belongs where, by one step of a change of their number.
 *
 * @param epoch counts the steps of all changes that there were; 0 before the first
 * @param from the layout before; the same as {@code to} once nobody needs to know it any more
 * @param to the layout that there will be, or is
 * @param paused whether somebody holds the change where it is
 */
public record Layout(long epoch, Phase phase, Shards from, Shards to, boolean paused) {

    /** One that never changed. */
    public static Layout of(Shards shards) {
        return new Layout(0, Phase.SETTLED, shards, shards, false);
    }

    /** Whether a change is under way. */
    public boolean isChanging() {
        return phase != Phase.SETTLED;
    }

    /** Where new jobs go, and where people are once they have moved. */
    public Shards now() {
        return phase == Phase.PREPARING || phase == Phase.HOLDING ? from : to;
    }

    /** All that have to be looked after. */
    public Shards serving() {
        if (!isChanging()) {
            return to;
        }
        Set<RedisKeys> both = new LinkedHashSet<>(from.all());
        both.addAll(to.all());
        return new Shards(both.stream().toList());
    }

    /** Whether what has this id, or this order, belongs to another shard than before. */
    public boolean changes(String id) {
        return !from.at(id).equals(to.at(id));
    }

    /** Whether a person has to be brought to their new shard before anything is done with them. */
    public boolean moves(String person) {
        return phase == Phase.MOVING && changes(person);
    }

    /** What says on a shard that people move: no earlier change had the same. */
    public String change() {
        return "" + to.count();
    }
}
