package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Feed;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Pace;
import io.posthaste.bench.load.drive.WaitingJobs;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ProcessUsage;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The gateway of this repository. */
final class PosthasteContender implements Contender {
    static final String NAME = "posthaste";

    private final String name;
    private final Backend backend;
    private final RedisMeter meter;
    private final List<GatewayProcess> gateways;
    private final Workload workload;
    private final boolean preloaded;
    private final List<String> shards;
    private int waiting;

    private PosthasteContender(
            String name, Backend backend, List<GatewayProcess> gateways, Workload workload, boolean preloaded) {
        this.name = name;
        this.backend = backend;
        this.meter = backend.meter();
        this.gateways = gateways;
        this.workload = workload;
        this.preloaded = preloaded;
        this.shards = shards();
        if (preloaded) {
            gateways.forEach(gateway -> gateway.process().kill());
        }
    }

    /**
     * Starts the gateways there and creates the workload's actions.
     *
     * @param policy the actions' retry policy; null for the standard one
     * @param preloaded whether all jobs are enqueued before the gateway works: it is stopped then, and started again
     */
    static PosthasteContender start(
            Setup setup,
            Backend backend,
            Workload workload,
            Target target,
            @Nullable String policy,
            boolean preloaded) {
        Map<String, String> settings = settings(backend.uri(), target);
        settings.putAll(setup.gateways().settings());
        List<String> options = setup.gateways().javaOptions();
        List<GatewayProcess> gateways = new ArrayList<>();
        for (int number = 0; number < setup.gateways().count(); number++) {
            Path work =
                    number == 0 ? setup.work() : setup.in("gateway-" + number).work();
            gateways.add(GatewayProcess.start(setup.jar(), options, work, settings));
        }
        store(gateways.getFirst(), workload, target, policy);
        String name = target.connection() == null ? NAME : NAME + " over " + target.connection();
        return new PosthasteContender(name, backend, gateways, workload, preloaded);
    }

    private static void store(GatewayProcess gateway, Workload workload, Target target, @Nullable String policy) {
        Target.Connection connection = target.connection();
        String by = connection == null ? null : Target.Connection.NAME;
        if (connection != null) {
            gateway.put("/v1/connections/" + by, connection.json());
        }
        for (int action = 0; action < workload.actions(); action++) {
            gateway.putAction(Workload.actionId(action), workload.action(action, target.url(action), policy, by));
        }
    }

    /** What every gateway of a load test is told. */
    static Map<String, String> settings(String redis, Target target) {
        Map<String, String> settings = new HashMap<>();
        settings.put("POSTHASTE_REDIS_URI", redis);
        settings.put("POSTHASTE_KEYS_SIGNING", SIGNING_KEY);
        settings.put("POSTHASTE_SEND_ALLOW_ADDRESSES", target.allowed());
        return settings;
    }

    /** Puts jobs there that wait through all that is measured from now on. */
    WaitingJobs.Cost keepWaiting(WaitingJobs jobs) {
        if (jobs.paused()) {
            String id = WaitingJobs.PAUSED;
            gateways.getFirst().putAction(id, workload.templates().action(id, "https://example.com/never-sent", null));
            gateways.getFirst().pause(id);
        }
        WaitingJobs.Cost cost = jobs.enqueue(backend.address(), workload);
        waiting = jobs.count();
        return cost;
    }

    @Override
    public long liveHeapBytes() {
        return gateways.stream().mapToLong(GatewayProcess::liveHeapBytes).sum();
    }

    /** Where the keys of each shard begin, as the gateway has made the keyspace. */
    private List<String> shards() {
        try (RedisConnection redis = backend.connect("posthaste:meta")) {
            String tags = String.valueOf(redis.call("HGET", "posthaste:meta", "tags"));
            return Stream.of(tags.split(",")).map("posthaste:{%s}:"::formatted).toList();
        } catch (IOException e) {
            throw new LoadException("cannot read posthaste:meta: " + e.getMessage(), e);
        }
    }

    /** A job's entry stays in the inbox, or parked, until the job ends. */
    private int unfinished() {
        try {
            long jobs = 0;
            for (String shard : shards) {
                try (RedisConnection redis = backend.connect(shard)) {
                    jobs += redis.number("XLEN", shard + "inbox") + redis.number("HLEN", shard + "parked");
                }
            }
            return (int) jobs;
        } catch (IOException e) {
            return Integer.MAX_VALUE;
        }
    }

    @Override
    public String name() {
        String whole = name + backend.name() + (gateways.size() > 1 ? ", %d gateways".formatted(gateways.size()) : "");
        return waiting == 0 ? whole : "%s beside %,d waiting".formatted(whole, waiting);
    }

    @Override
    public Feed feed(String run, Ledger ledger, Plan plan) {
        Pace pace = plan.perSecond() > 0
                ? new Pace.Steady(plan.perSecond(), Clock.micros() + 100_000)
                : new Pace.Bounded(preloaded ? Integer.MAX_VALUE / 2 : plan.backlog(), ledger::deliveries);
        return backend.feed(run, workload, inboxes(), ledger, pace);
    }

    private List<String> inboxes() {
        return shards.stream().map(shard -> shard + "inbox").toList();
    }

    @Override
    public void fed() {
        if (preloaded) {
            gateways.forEach(GatewayProcess::restart);
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
        return gateways.stream()
                .mapToLong(gateway -> ProcessUsage.cpuMicros(gateway.process().pid()))
                .sum();
    }

    @Override
    public long peakBytes() {
        return gateways.stream()
                .mapToLong(gateway -> ProcessUsage.peakBytes(gateway.process().pid()))
                .sum();
    }

    @Override
    public RedisMeter redis() {
        return meter;
    }

    @Override
    public RedisAddress redisAddress() {
        return backend.address();
    }

    @Override
    public void close() {
        gateways.forEach(GatewayProcess::close);
        backend.close();
    }
}
