package io.posthaste.bench.load.cluster;

import io.posthaste.bench.load.cluster.ClusterFaults.Parts;
import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.ClusterFeed;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Pace;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Shard;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.fault.Loads;
import io.posthaste.bench.load.fault.Stage.Script;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisCluster;
import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.process.RedisNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** A Redis cluster, gateways and a receiver at work, and the means to load and to break them. */
final class ClusterStage implements AutoCloseable {
    private static final int ANSWER_MILLIS = 1_000;
    private static final int SLOWER = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Parts parts;
    private final Loads loads;
    private final Workload workload;
    private final Script script;
    private List<String> shards;

    ClusterStage(Parts parts, ReceiverProcess receiver, Workload workload, Script script) throws IOException {
        this.parts = parts;
        this.loads = new Loads(receiver);
        this.workload = workload;
        this.script = script;
        this.shards = readShards();
        putActions(workload);
    }

    private List<String> readShards() throws IOException {
        try (RedisConnection redis = connect("posthaste:meta")) {
            String tags = String.valueOf(redis.call("HGET", "posthaste:meta", "tags"));
            return Stream.of(tags.split(",")).map("posthaste:{%s}:"::formatted).toList();
        }
    }

    /** How many there are, as far as the stage knows. */
    int shards() {
        return shards.size();
    }

    /** After their number was changed. */
    void readShardsAnew() throws IOException {
        shards = readShards();
    }

    /** Stores the actions of a workload. */
    void putActions(Workload of) {
        for (int action = 0; action < of.actions(); action++) {
            loads.putAction(gateways().getFirst(), of, action, Loads.PATIENT_MILLIS);
        }
    }

    RedisCluster cluster() {
        return parts.cluster();
    }

    List<GatewayProcess> gateways() {
        return parts.gateways();
    }

    Script script() {
        return script;
    }

    Workload workload() {
        return workload;
    }

    private RedisConnection connect(String key) throws IOException {
        return cluster().connect(key, ANSWER_MILLIS);
    }

    /** The primary of a shard somewhere in the middle: no other key of ours is there by custom. */
    RedisNode somePrimary() throws IOException {
        return cluster().primaryOf(shards.get(shards.size() / 2));
    }

    /** The jobs whose shards are there now. */
    IntPredicate jobsOn(RedisNode primary) throws IOException {
        Set<Integer> there = new HashSet<>();
        for (int shard = 0; shard < shards.size(); shard++) {
            if (cluster().primaryOf(shards.get(shard)).equals(primary)) {
                there.add(shard);
            }
        }
        return number -> there.contains(number % shards.size());
    }

    /** A new gateway's first seconds are not those to compare with. */
    void warmUp() {
        try (Drive drive = load()) {
            pause(5_000, 5_000);
            finish(drive);
        }
    }

    Drive load() {
        return load(workload, script.perSecond());
    }

    /** The load of {@link #sharedPeople}: a few for all jobs are the worst case, because their updates wait for each other. */
    Drive loadOfSharedPeople(Workload shared) {
        return load(shared, script.perSecond() / SLOWER);
    }

    /** Starts a load that goes on until {@link #finish}. */
    private Drive load(Workload of, double perSecond) {
        Pace pace = new Pace.Steady(perSecond, Clock.micros());
        List<String> inboxes = shards.stream().map(shard -> shard + "inbox").toList();
        Drive drive = loads.start((run, ledger) -> new ClusterFeed(cluster(), run, of, inboxes, ledger, pace, true));
        drive.awaitDelivered(1, Duration.ofSeconds(30));
        return drive;
    }

    /** Ends the load, waits until nothing is left to do, and accounts for every job. */
    Reconciliation finish(Drive drive) {
        return loads.finish(drive, PATIENCE, this::isSettled);
    }

    private boolean isSettled() {
        try {
            for (String shard : shards) {
                try (RedisConnection redis = connect(shard)) {
                    if (redis.number("XLEN", shard + "inbox") + redis.number("ZCARD", shard + "leased") > 0
                            || redis.number("ZCARD", shard + "parked-at") > 0) {
                        return false;
                    }
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What answers added up to, over all people that jobs share. */
    long sumOfPeople(Workload of) throws IOException {
        long sum = 0;
        for (int person = 0; person < of.people().size(); person++) {
            String key = personKey(person);
            try (RedisConnection redis = connect(key)) {
                sum += Shard.added(redis.call("HGET", key, "attributes"));
            }
        }
        return sum;
    }

    /**
     * Deliveries up to now whose answer set nothing, as their event says: others changed the person for as long as the lease
     * lasted, which a crowd at two processors does.
     */
    long toldUnset() throws IOException {
        long unset = 0;
        for (String shard : shards) {
            try (RedisConnection redis = connect(shard)) {
                if (redis.call("XRANGE", shard + "results", "-", "+") instanceof List<?> events) {
                    unset += events.stream()
                            .map(String::valueOf)
                            .filter(event -> event.contains("attribute_update, failed"))
                            .count();
                }
            }
        }
        return unset;
    }

    private void forgetPeople(Workload of) throws IOException {
        for (int person = 0; person < of.people().size(); person++) {
            String key = personKey(person);
            try (RedisConnection redis = connect(key)) {
                redis.call("DEL", key);
            }
        }
    }

    private String personKey(int person) {
        String id = Workload.personId(person);
        CRC32 crc = new CRC32();
        crc.update(id.getBytes(StandardCharsets.UTF_8));
        return shards.get((int) (crc.getValue() % shards.size())) + "person:" + id;
    }

    /** The workload of jobs that share people, stored and known to every gateway. */
    Workload sharedPeople() throws IOException {
        Workload shared = workload.with(Workload.Attributes.SHARED);
        putActions(shared);
        forgetPeople(shared);
        // The other gateways look for changed actions once a second.
        pause(3_000, 3_000);
        return shared;
    }

    /** Kills a gateway and starts it again. */
    void lose(GatewayProcess gateway) {
        gateway.process().kill();
        pause(0, 500);
        gateway.restart();
    }

    /** Kills a primary, and starts it again when its replica has taken over. */
    void lose(RedisNode primary) {
        primary.process().kill();
        pause(4_000, 6_000);
        primary.restart();
        cluster().awaitWhole();
    }

    /** As {@link Script#pause}. */
    void pause(int leastMillis, int mostMillis) {
        script.pause(leastMillis, mostMillis);
    }

    /** Waits until jobs of these that were enqueued after this time arrive. */
    void awaitArrivals(Drive drive, long after, IntPredicate of) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!drive.ledger().hasArrived(after, drive.offered(), of)) {
            if (System.nanoTime() > deadline) {
                throw new LoadException("nothing arrived of what the fault had stopped");
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Override
    public void close() {
        gateways().forEach(GatewayProcess::close);
        cluster().close();
    }
}
