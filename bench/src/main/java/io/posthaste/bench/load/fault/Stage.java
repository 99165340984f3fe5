package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Frames;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Pace;
import io.posthaste.bench.load.drive.Producer;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Shard;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** A Redis, a gateway and a receiver at work, and the means to load and to break them. */
public final class Stage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final RedisServer redis;
    private final GatewayProcess gateway;
    private final ReceiverProcess receiver;
    private final Loads loads;
    private final Workload workload;
    private final Script script;

    /**
     * How the scenarios are played.
     *
     * @param quick a short version, for every build
     * @param perSecond jobs enqueued a second
     * @param random decides when things break
     */
    public record Script(boolean quick, double perSecond, Random random) {
        /** {@code usual}, or {@code quick} in the short version. */
        public int times(int usual, int quick) {
            return this.quick ? quick : usual;
        }

        /** Lets things run for a while, somewhere between the two times. */
        public void pause(int leastMillis, int mostMillis) {
            int millis = leastMillis + random.nextInt(mostMillis - leastMillis + 1);
            long until = System.nanoTime() + millis * 1_000_000L;
            while (System.nanoTime() < until) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
        }
    }

    public Stage(
            RedisServer redis, GatewayProcess gateway, ReceiverProcess receiver, Workload workload, Script script) {
        this.redis = redis;
        this.gateway = gateway;
        this.receiver = receiver;
        this.loads = new Loads(receiver);
        this.workload = workload;
        this.script = script;
        putActions(workload);
    }

    /** Stores the actions of a workload. */
    void putActions(Workload of) {
        putActions(of, Loads.PATIENT_MILLIS);
    }

    /** The same, with so much time for each attempt. */
    void putActions(Workload of, int timeoutMillis) {
        for (int action = 0; action < of.actions(); action++) {
            loads.putAction(gateway, of, action, timeoutMillis);
        }
    }

    /** Gives an action so much time for each attempt. */
    void retry(int action, int timeoutMillis) {
        loads.putAction(gateway, workload, action, timeoutMillis);
    }

    RedisServer redis() {
        return redis;
    }

    GatewayProcess gateway() {
        return gateway;
    }

    ReceiverProcess receiver() {
        return receiver;
    }

    Script script() {
        return script;
    }

    Workload workload() {
        return workload;
    }

    int actions() {
        return workload.actions();
    }

    /** Their numbers. */
    List<Integer> allActions() {
        return IntStream.range(0, actions()).boxed().toList();
    }

    /** A new gateway's first seconds are not those to compare with. */
    void warmUp() {
        try (Drive drive = load()) {
            pause(2_000, 2_000);
            finish(drive);
        }
    }

    /** Starts a load that goes on until {@link #finish}. */
    Drive load() {
        return load(workload);
    }

    /** Starts the load of another workload. */
    Drive load(Workload of) {
        Drive drive = start(of, new Pace.Steady(script.perSecond(), Clock.micros()));
        drive.awaitDelivered(1, Duration.ofSeconds(30));
        return drive;
    }

    /** Enqueues so many jobs at once, and nothing more. */
    Drive backlog(Workload of, int jobs) {
        Drive drive = start(of, new Pace.Bounded(jobs, () -> 0));
        drive.awaitAccepted(jobs, Duration.ofMinutes(5));
        drive.stopFeeding();
        return drive;
    }

    private Drive start(Workload of, Pace pace) {
        return loads.start((run, ledger) ->
                new Producer(redis.address(), new Frames(run, of, List.of(Shard.INBOX)), ledger, pace, 0));
    }

    /** The sum of a metric of the gateway's over those whose labels contain this. */
    double metric(String name, String label) {
        return gateway.get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Ends the load, waits until nothing is left to do, and accounts for every job. */
    Reconciliation finish(Drive drive) {
        return loads.finish(drive, PATIENCE, shard()::isSettled);
    }

    Shard shard() {
        return new Shard(redis);
    }

    /** Waits until so many are refused; how many are in the end. */
    long awaitRefused(long wanted, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (shard().refused() < wanted && System.nanoTime() < deadline) {
            LockSupport.parkNanos(20_000_000);
        }
        return shard().refused();
    }

    /** Makes the paths of these actions behave. */
    void behave(List<Integer> actionNumbers, String behaviour) {
        actionNumbers.forEach(action -> receiver.behave(Workload.path(action), behaviour));
    }

    /** As {@link Script#pause}. */
    void pause(int leastMillis, int mostMillis) {
        script.pause(leastMillis, mostMillis);
    }

    /** Waits until no more than a tenth of a second of the load is under way; a minute at the most. */
    void awaitCaughtUp(Drive drive) {
        Ledger ledger = drive.ledger();
        long until = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (ledger.acceptances() - ledger.deliveries() > script.perSecond() / 10 && System.nanoTime() < until) {
            drive.awaitDelivered(ledger.acceptances(), Duration.ofMinutes(1));
        }
    }

    /** How long it takes from now until deliveries go on. */
    Duration awaitProgress(Drive drive) {
        long from = System.nanoTime();
        drive.awaitDelivered(drive.ledger().deliveries() + 1, Duration.ofSeconds(60));
        return Duration.ofNanos(System.nanoTime() - from);
    }

    @Override
    public void close() {
        gateway.close();
        redis.close();
    }
}
