package io.posthaste.boot;

import io.posthaste.queue.Assignment.Duty;
import io.posthaste.queue.JobQueues;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.RedisJobQueue;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Erasure;
import io.posthaste.queue.browse.RedisDeliveries;
import io.posthaste.queue.browse.ShardErasure;
import io.posthaste.queue.browse.ShardedDeliveries;
import io.posthaste.queue.upkeep.Membership;
import io.posthaste.queue.upkeep.OperationSteps;
import io.posthaste.queue.upkeep.Operations;
import io.posthaste.queue.upkeep.QueueUpkeep;
import io.posthaste.queue.upkeep.RedisOperations;
import io.posthaste.queue.upkeep.ShardedOperations;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.Shards;
import io.posthaste.seal.Sealer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** The queue on every shard, and what is done with all of them. */
final class QueueWiring {
    private final Foundation on;
    private final RedisConnections redis;
    private final Shards shards;
    private final Sealer sealer;
    private final List<QueueSettings> eachShard;
    private final List<RedisDeliveries> deliveries;
    private final Membership membership;
    private final String gateway;
    private final List<QueueUpkeep> upkeeps = new ArrayList<>();

    QueueWiring(Foundation on, RedisConnections redis, Shards shards, QueueSettings settings, Sealer sealer) {
        this.on = on;
        this.redis = redis;
        this.shards = shards;
        this.sealer = sealer;
        this.eachShard = shards.all().stream()
                .map(shard -> settings.on(shard.tag(), shards.count()))
                .toList();
        this.deliveries = eachShard.stream()
                .map(shard -> new RedisDeliveries(redis, shard, sealer))
                .toList();
        this.gateway = GatewayName.create(on.random());
        this.membership = on.lifecycle()
                .closing(
                        "membership",
                        new Membership(
                                redis,
                                gateway,
                                eachShard.stream().map(QueueSettings::tag).toList(),
                                on.timer()));
    }

    /** What this process is called among them. */
    String gateway() {
        return gateway;
    }

    /** The gateways that live. */
    Membership membership() {
        return membership;
    }

    /** Whether what needs to be done by somebody is to be done here, for this shard. */
    BooleanSupplier isPolled(String tag) {
        return () -> membership.assignment().duty(tag) == Duty.POLLS;
    }

    /** What the engine is told on each shard, in their order. */
    List<QueueSettings> eachShard() {
        return eachShard;
    }

    Deliveries deliveries() {
        return deliveries.size() == 1 ? deliveries.getFirst() : new ShardedDeliveries(shards, deliveries);
    }

    Erasure erasure() {
        return new Erasure(IntStream.range(0, deliveries.size())
                .mapToObj(shard -> new ShardErasure(redis, eachShard.get(shard), deliveries.get(shard)))
                .toList());
    }

    Operations operations() {
        List<RedisOperations> parts = eachShard.stream()
                .map(shard -> new RedisOperations(redis, shard))
                .toList();
        return parts.size() == 1 ? parts.getFirst() : new ShardedOperations(parts);
    }

    JobQueues queues() {
        Map<String, RedisJobQueue> queues = new LinkedHashMap<>();
        eachShard.forEach(shard -> queues.put(shard.tag(), queue(shard)));
        return new JobQueues(queues, membership::assignment);
    }

    private RedisJobQueue queue(QueueSettings shard) {
        QueueUpkeep upkeep = on.lifecycle()
                .closing("queue upkeep", new QueueUpkeep(redis, shard, isPolled(shard.tag()), on.timer()));
        upkeeps.add(upkeep);
        return new RedisJobQueue(redis, shard, sealer, on.clock(), on.timer(), on.random(), upkeep::soon);
    }

    /** From now on the shards are looked after, and the steps of operations are done. */
    void keepRight() {
        membership.start();
        upkeeps.forEach(QueueUpkeep::start);
        for (QueueSettings shard : eachShard) {
            on.lifecycle()
                    .closing("operations", new OperationSteps(redis, shard, isPolled(shard.tag()), on.timer()))
                    .start();
        }
    }
}
