package io.posthaste.boot;

import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.RedisJobQueue;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.RedisDeliveries;
import io.posthaste.queue.browse.ShardedDeliveries;
import io.posthaste.queue.upkeep.OperationSteps;
import io.posthaste.queue.upkeep.Operations;
import io.posthaste.queue.upkeep.QueueUpkeep;
import io.posthaste.queue.upkeep.RedisOperations;
import io.posthaste.queue.upkeep.ShardedOperations;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.Shards;
import io.posthaste.seal.Sealer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The queue on every shard, and what is done with all of them. */
record QueueWiring(Foundation on, RedisConnections redis, Shards shards, QueueSettings settings, Sealer sealer) {

    Deliveries deliveries() {
        List<RedisDeliveries> parts = each(shard -> new RedisDeliveries(redis, shard, sealer));
        return parts.size() == 1 ? parts.getFirst() : new ShardedDeliveries(shards, parts);
    }

    Operations operations() {
        List<RedisOperations> parts = each(shard -> new RedisOperations(redis, shard));
        return parts.size() == 1 ? parts.getFirst() : new ShardedOperations(parts);
    }

    /** By the tags of the shards, in order; upkeep of each is started. */
    Map<String, RedisJobQueue> queues() {
        Map<String, RedisJobQueue> queues = new LinkedHashMap<>();
        for (RedisKeys keys : shards.all()) {
            QueueSettings shard = settings.on(keys.tag(), shards.count());
            QueueUpkeep upkeep = on.lifecycle().closing("queue upkeep", new QueueUpkeep(redis, shard, on.timer()));
            upkeep.start();
            queues.put(
                    keys.tag(),
                    new RedisJobQueue(redis, shard, sealer, on.clock(), on.timer(), on.random(), upkeep::soon));
        }
        return queues;
    }

    /** The steps of operations on every shard are done from now on. */
    void operate() {
        each(shard -> on.lifecycle().closing("operations", new OperationSteps(redis, shard, on.timer())))
                .forEach(OperationSteps::start);
    }

    private <T> List<T> each(Function<QueueSettings, T> make) {
        return shards.all().stream()
                .map(shard -> make.apply(settings.on(shard.tag(), shards.count())))
                .toList();
    }
}
