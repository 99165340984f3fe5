package io.posthaste.queue.model;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.job.Lease;
import java.util.Set;
import java.util.TreeSet;

/** Some leases run out, and what waits comes due. Nobody waits for it: the ends of leases and due times are rewritten. */
record PassTime(Shard shard, Memory memory) implements Deed {
    /** When those are due that are not the first of their line, ms. */
    static final double HELD = 1e14;

    @Override
    public void happen() {
        RedisCommands<String, String> redis = shard.redis();
        for (Lease lease : memory.some(memory.held.values(), 4)) {
            redis.zadd(shard.keys.leased(), 1, lease.hold().entry());
            memory.runOut(lease);
        }
        reclaim();
        for (String key : redis.keys(shard.keys.due("*"))) {
            redis.zrangebyscore(key, Range.create(0, HELD - 1), Limit.from(20))
                    .forEach(entry -> redis.zadd(key, (double) (shard.now() - 1), entry));
        }
        redis.zrange(shard.keys.wake(), 0, -1).forEach(lane -> redis.zadd(shard.keys.wake(), 1, lane));
    }

    /** So that no lease in the hands of workers is one that ran out. Cancelled ones end here. */
    private void reclaim() {
        shard.claim(0);
        for (Lease lease : memory.lost) {
            String id = lease.job().id();
            if (memory.cancelling.contains(id) && !memory.held.containsKey(id)) {
                memory.cancelling.remove(id);
                memory.end(id);
            }
        }
        // A job whose lease ran out once too often has failed; the scripts' own count decides when.
        Set<String> failed = new TreeSet<>(shard.redis().zrange(shard.keys.failed(), 0, -1));
        shard.entries().forEach((id, entry) -> {
            if (failed.contains(entry) && "living".equals(memory.alive.get(id))) {
                boolean ranOut = memory.lost.stream()
                        .anyMatch(lease -> lease.hold().entry().equals(entry));
                Check.that(ranOut, id + " failed by itself");
                memory.fail(id);
                memory.reasons.remove(id);
            }
        });
    }
}
