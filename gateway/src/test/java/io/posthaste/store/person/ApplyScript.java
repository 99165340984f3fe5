package io.posthaste.store.person;

import io.lettuce.core.api.StatefulRedisConnection;
import io.posthaste.job.AppliedUpdate;
import io.posthaste.job.Applying;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import io.posthaste.queue.EvalReply;
import io.posthaste.redis.RedisKeys;

/** The script that gives people of other shards what a delivery sets, as the gateway calls it, whatever its text. */
public record ApplyScript(String text) {

    /** @param keys of the person's shard */
    public Applying run(
            StatefulRedisConnection<byte[], byte[]> redis,
            RedisKeys keys,
            Lease lease,
            Person person,
            AppliedUpdate what) {
        return AppliedUpdates.applying(
                EvalReply.of(redis, text, keys.prefix(), AppliedUpdates.arguments(lease, person, what)));
    }

    /** What the mark of a delivery says; null when there is none. */
    public static AppliedUpdate decode(byte[] mark) {
        return AppliedUpdates.decode(mark);
    }

    /** The key of a delivery's mark on this shard. */
    public static String mark(RedisKeys keys, Lease lease) {
        return keys.applied(AppliedUpdates.delivery(lease));
    }
}
