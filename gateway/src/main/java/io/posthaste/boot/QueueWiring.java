package io.posthaste.boot;

import io.posthaste.config.GatewayConfig;
import io.posthaste.queue.Assignment.Duty;
import io.posthaste.queue.JobQueues;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.RedisJobQueue;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Erasure;
import io.posthaste.queue.browse.RedisDeliveries;
import io.posthaste.queue.browse.ShardErasure;
import io.posthaste.queue.browse.ShardedDeliveries;
import io.posthaste.queue.reshape.LineOpener;
import io.posthaste.queue.reshape.Reshaping;
import io.posthaste.queue.reshape.ShardCount;
import io.posthaste.queue.upkeep.Membership;
import io.posthaste.queue.upkeep.OperationSteps;
import io.posthaste.queue.upkeep.Operations;
import io.posthaste.queue.upkeep.QueueUpkeep;
import io.posthaste.queue.upkeep.RedisOperations;
import io.posthaste.queue.upkeep.ShardedOperations;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.layout.Layout;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.seal.Sealer;
import io.posthaste.store.action.ActionStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The queue on every shard, and what is done with all of them; more are served when the layout has more. */
final class QueueWiring {
    private final Foundation on;
    private final RedisConnections redis;
    private final Layouts layouts;
    private final Sealer sealer;
    private final QueueSettings settings;
    private final Membership membership;
    private final List<QueueSettings> eachShard = new CopyOnWriteArrayList<>();
    private final List<QueueUpkeep> upkeeps = new CopyOnWriteArrayList<>();
    private final ShardedDeliveries deliveries;
    private final ShardedOperations operations = new ShardedOperations(List.of());
    private final Erasure erasure = new Erasure(List.of());
    private final JobQueues queues;
    private final ShardCount shardCount;
    private volatile boolean keeping;

    QueueWiring(Foundation on, RedisWiring.Opened opened, QueueSettings settings, Sealer sealer) {
        this.on = on;
        this.redis = opened.redis();
        this.layouts = opened.layouts();
        this.sealer = sealer;
        this.settings = settings;
        this.membership = opened.membership();
        this.deliveries = new ShardedDeliveries(redis, layouts, List.of());
        this.queues = new JobQueues(Map.of(), membership::assignment);
        this.shardCount = new ShardCount(redis, opened.store(), membership);
        serve(layouts.now());
    }

    /** Serves what is not served yet. Blocks. */
    synchronized void serve(Layout layout) {
        List<RedisKeys> all = layout.serving().all();
        all.stream()
                .filter(shard ->
                        eachShard.stream().noneMatch(served -> served.tag().equals(shard.tag())))
                .forEach(shard -> serve(settings.on(shard.tag(), all.size())));
    }

    private void serve(QueueSettings shard) {
        // What may fail comes first: it is tried again then.
        RedisJobQueue queue = queue(shard);
        RedisDeliveries part = new RedisDeliveries(redis, shard, sealer);
        eachShard.add(shard);
        deliveries.add(part);
        operations.add(new RedisOperations(redis, shard));
        erasure.add(new ShardErasure(redis, shard, part));
        queues.add(shard.tag(), queue);
        membership.share(eachShard.stream().map(QueueSettings::tag).toList());
        if (keeping) {
            upkeeps.getLast().start();
            keepOperations(shard);
        }
    }

    /** What this process is called among them. */
    String gateway() {
        return membership.self();
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
        return deliveries;
    }

    Erasure erasure() {
        return erasure;
    }

    Operations operations() {
        return operations;
    }

    JobQueues queues() {
        return queues;
    }

    private RedisJobQueue queue(QueueSettings shard) {
        QueueUpkeep upkeep = new QueueUpkeep(redis, shard, isPolled(shard.tag()), on.timer());
        RedisJobQueue queue =
                new RedisJobQueue(redis, shard, sealer, on.clock(), on.timer(), on.random(), upkeep::soon);
        upkeeps.add(on.lifecycle().closing("queue upkeep", upkeep));
        return queue;
    }

    /** From now on the shards are looked after, the steps of operations are done, and the layout is followed. */
    synchronized void keepRight() {
        keeping = true;
        upkeeps.forEach(QueueUpkeep::start);
        eachShard.forEach(this::keepOperations);
        membership.start(layouts);
    }

    /** How many shards there are; from {@link #reshape} on it can be changed. */
    ShardCount shardCount() {
        return shardCount;
    }

    /** From now on changes of the number of shards are made here, too. */
    void reshape(ActionStore actions) {
        on.lifecycle()
                .closing(
                        "line opener",
                        new LineOpener(redis, layouts, tag -> isPolled(tag).getAsBoolean(), on.timer()))
                .start();
        GatewayConfig config = on.config();
        Duration failed = config.history().failed();
        Duration window = config.dedupe().window();
        on.lifecycle()
                .closing(
                        "shard change",
                        shardCount.reshaping(
                                layouts,
                                actions,
                                deliveries,
                                settings.leases().laneMaxInFlight(),
                                new Reshaping.Settings(
                                        isPolled(eachShard.getFirst().tag()),
                                        failed.compareTo(window) > 0 ? failed : window,
                                        on.timer(),
                                        System::nanoTime)))
                .start();
    }

    private void keepOperations(QueueSettings shard) {
        on.lifecycle()
                .closing("operations", new OperationSteps(redis, shard, isPolled(shard.tag()), on.timer()))
                .start();
    }
}
