package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Feed;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Pace;
import io.posthaste.bench.load.drive.Templates;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.ChildProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ProcessUsage;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.process.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The worker a competent Node team would build, in {@code bench/peers/bullmq}. Without a rate its jobs are all enqueued
 * before its workers start, so that its figure does not pay for its producer.
 */
final class BullmqContender implements Contender {
    static final String NAME = "bullmq";

    private final RedisServer redis;
    private final RedisMeter meter;
    private final Path directory;
    private final Map<String, String> variables;
    private final Settings settings;
    private final List<ChildProcess> workers = new ArrayList<>();

    /**
     * @param processes worker processes
     * @param concurrency jobs in flight in each
     * @param paced whether jobs come at a rate, so that workers must run from the beginning
     */
    record Settings(int processes, int concurrency, boolean paced) {}

    private BullmqContender(RedisServer redis, Path directory, Map<String, String> variables, Settings settings) {
        this.redis = redis;
        this.meter = new RedisMeter(
                redis.address(), () -> LongStream.of(redis.process().pid()));
        this.directory = directory;
        this.variables = variables;
        this.settings = settings;
        if (settings.paced()) {
            startWorkers();
        }
    }

    /** Starts a Redis like the gateway's and prepares the workers. */
    static BullmqContender start(Setup setup, Workload workload, Target target, Settings settings) {
        Path peer = setup.root().resolve("bench/peers/bullmq");
        if (!Files.isDirectory(peer.resolve("node_modules"))) {
            throw new LoadException(
                    "the peer is not installed; scripts/load does it, or: npm --prefix " + peer + " ci");
        }
        RedisServer redis = RedisServer.start(setup.work(), setup.redis().fsync());
        Map<String, String> variables = new HashMap<>();
        variables.put("PEER_REDIS_PORT", Integer.toString(redis.address().port()));
        variables.put("PEER_ACTIONS", Integer.toString(workload.actions()));
        variables.put("PEER_TARGETS", origins(workload, target));
        if (setup.certificate() != null) {
            variables.put(
                    "NODE_EXTRA_CA_CERTS", setup.certificate().toAbsolutePath().toString());
        }
        variables.put("PEER_SIGNING_KEY", SIGNING_KEY);
        variables.put("PEER_CONCURRENCY", Integer.toString(settings.concurrency()));
        Templates templates = workload.templates();
        variables.put("PEER_TEMPLATE_FILE", write(setup.work().resolve("peer-template.json"), templates.json()));
        variables.put(
                "PEER_PEOPLE_FILE",
                write(
                        setup.work().resolve("peer-people.json"),
                        workload.people().toString()));
        variables.put("PEER_SCRIPTS", peer.toString());
        return new BullmqContender(redis, setup.work(), variables, settings);
    }

    /** Of each action's host. */
    private static String origins(Workload workload, Target target) {
        return IntStream.range(0, workload.actions())
                .mapToObj(action -> URI.create(target.url(action)).resolve("/").toString())
                .collect(Collectors.joining(","));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Feed feed(String run, Ledger ledger, Plan plan) {
        long start = Clock.micros() + 500_000;
        List<String> command = List.of(
                "node",
                script("producer.mjs"),
                run,
                Integer.toString(ledger.capacity()),
                Double.toString(plan.perSecond()),
                Long.toString(start));
        Pace pace = plan.perSecond() > 0
                ? new Pace.Steady(plan.perSecond(), start)
                : new Pace.Bounded(Integer.MAX_VALUE / 2, ledger::deliveries);
        return new ProcessFeed(
                () -> ChildProcess.start("producer-" + run, command, directory, variables), ledger, pace);
    }

    @Override
    public void fed() {
        if (!settings.paced()) {
            startWorkers();
        }
    }

    @Override
    public boolean isPreloaded() {
        return !settings.paced();
    }

    @Override
    public boolean isSettled() {
        try (RedisConnection connection = RedisConnection.open(redis.address())) {
            return connection.number("LLEN", "bull:deliveries:wait")
                            + connection.number("LLEN", "bull:deliveries:active")
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public long cpuMicros() {
        return workers.stream()
                .mapToLong(worker -> ProcessUsage.cpuMicros(worker.pid()))
                .sum();
    }

    @Override
    public long peakBytes() {
        return workers.stream()
                .mapToLong(worker -> ProcessUsage.peakBytes(worker.pid()))
                .sum();
    }

    @Override
    public RedisMeter redis() {
        return meter;
    }

    @Override
    public RedisAddress redisAddress() {
        return redis.address();
    }

    @Override
    public void close() {
        workers.forEach(ChildProcess::kill);
        redis.close();
    }

    private void startWorkers() {
        for (int i = 0; i < settings.processes(); i++) {
            List<String> command = List.of("node", script("worker.mjs"));
            workers.add(
                    ChildProcess.start("worker-" + redis.address().port() + "-" + i, command, directory, variables));
        }
        long deadline = System.nanoTime() + 20_000_000_000L;
        for (ChildProcess worker : workers) {
            while (!worker.output().contains("ready")) {
                if (!worker.isAlive() || System.nanoTime() > deadline) {
                    throw new LoadException("the peer's worker did not start" + worker.lastWords());
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private String script(String name) {
        return variables.getOrDefault("PEER_SCRIPTS", ".") + "/" + name;
    }

    private static String write(Path file, String text) {
        try {
            return Files.writeString(file, text).toString();
        } catch (IOException e) {
            throw new LoadException("cannot write " + file, e);
        }
    }
}
