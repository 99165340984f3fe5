package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Feed;
import io.posthaste.bench.load.drive.Frames;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Pace;
import io.posthaste.bench.load.drive.Producer;
import io.posthaste.bench.load.drive.WaitingJobs;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ProcessUsage;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.process.RedisServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The gateway of this repository. */
final class PosthasteContender implements Contender {
    static final String NAME = "posthaste";

    private final @Nullable RedisServer own;
    private final RedisAddress address;
    private final RedisMeter meter;
    private final GatewayProcess gateway;
    private final Workload workload;
    private final boolean preloaded;
    private final List<String> shards;
    private int waiting;

    private PosthasteContender(
            @Nullable RedisServer own,
            RedisAddress address,
            GatewayProcess gateway,
            Workload workload,
            boolean preloaded) {
        this.own = own;
        this.address = address;
        this.meter =
                new RedisMeter(address, own == null ? null : () -> own.process().pid());
        this.gateway = gateway;
        this.workload = workload;
        this.preloaded = preloaded;
        this.shards = shards();
        if (preloaded) {
            gateway.process().kill();
        }
    }

    /**
     * Starts Redis, unless {@code setup} names one, and the gateway; creates the workload's actions.
     *
     * @param policy the actions' retry policy; null for the standard one
     * @param preloaded whether all jobs are enqueued before the gateway works: it is stopped then, and started again
     */
    static PosthasteContender start(
            Setup setup, Workload workload, Target target, @Nullable String policy, boolean preloaded) {
        RedisServer own = setup.redis() == null ? RedisServer.start(setup.work(), setup.fsync()) : null;
        RedisAddress address = own == null ? RedisAddress.parse(String.valueOf(setup.redis())) : own.address();
        Map<String, String> settings = settings(address, target);
        settings.putAll(setup.gatewaySettings());
        GatewayProcess gateway = GatewayProcess.start(setup.jar(), setup.javaOptions(), setup.work(), settings);
        for (int action = 0; action < workload.actions(); action++) {
            gateway.putAction(Workload.actionId(action), workload.action(action, target.url(action), policy));
        }
        return new PosthasteContender(own, address, gateway, workload, preloaded);
    }

    /** What every gateway of a load test is told. */
    static Map<String, String> settings(RedisAddress redis, Target target) {
        Map<String, String> settings = new HashMap<>();
        settings.put("POSTHASTE_REDIS_URI", redis.uri());
        settings.put("POSTHASTE_KEYS_SIGNING", SIGNING_KEY);
        settings.put("POSTHASTE_SEND_ALLOW_ADDRESSES", target.allowed());
        return settings;
    }

    /** Puts jobs there that wait through all that is measured from now on. */
    WaitingJobs.Cost keepWaiting(WaitingJobs jobs) {
        if (jobs.paused()) {
            String id = WaitingJobs.PAUSED;
            gateway.putAction(id, workload.templates().action(id, "https://example.com/never-sent", null));
            gateway.pause(id);
        }
        WaitingJobs.Cost cost = jobs.enqueue(address, workload);
        waiting = jobs.count();
        return cost;
    }

    @Override
    public long liveHeapBytes() {
        return gateway.liveHeapBytes();
    }

    /** Where the keys of each shard begin, as the gateway has made the keyspace. */
    private List<String> shards() {
        try (RedisConnection redis = RedisConnection.open(address)) {
            String tags = String.valueOf(redis.call("HGET", "posthaste:meta", "tags"));
            return Stream.of(tags.split(",")).map("posthaste:{%s}:"::formatted).toList();
        } catch (IOException e) {
            throw new LoadException("cannot read posthaste:meta: " + e.getMessage(), e);
        }
    }

    /** A job's entry stays in the inbox, or parked, until the job ends. */
    private int unfinished() {
        try (RedisConnection redis = RedisConnection.open(address)) {
            long jobs = 0;
            for (String shard : shards) {
                jobs += redis.number("XLEN", shard + "inbox") + redis.number("HLEN", shard + "parked");
            }
            return (int) jobs;
        } catch (IOException e) {
            return Integer.MAX_VALUE;
        }
    }

    @Override
    public String name() {
        return waiting == 0 ? NAME : "%s beside %,d waiting".formatted(NAME, waiting);
    }

    @Override
    public Feed feed(String run, Ledger ledger, Plan plan) {
        Pace pace = plan.perSecond() > 0
                ? new Pace.Steady(plan.perSecond(), Clock.micros() + 100_000)
                : new Pace.Bounded(preloaded ? Integer.MAX_VALUE / 2 : plan.backlog(), ledger::deliveries);
        return new Producer(address, new Frames(run, workload, inboxes()), ledger, pace, workload.dueMillis());
    }

    private List<String> inboxes() {
        return shards.stream().map(shard -> shard + "inbox").toList();
    }

    @Override
    public void fed() {
        if (preloaded) {
            gateway.restart();
        }
    }

    @Override
    public boolean isPreloaded() {
        return preloaded;
    }

    @Override
    public boolean isSettled() {
        return unfinished() == waiting;
    }

    @Override
    public long cpuMicros() {
        return ProcessUsage.cpuMicros(gateway.process().pid());
    }

    @Override
    public long peakBytes() {
        return ProcessUsage.peakBytes(gateway.process().pid());
    }

    @Override
    public RedisMeter redis() {
        return meter;
    }

    @Override
    public RedisAddress redisAddress() {
        return address;
    }

    @Override
    public void close() {
        gateway.close();
        if (own != null) {
            own.close();
        }
    }
}
