package io.posthaste.bench.load.process;

import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Primaries, and a replica of each if they are to have one: processes of the load test's own, made a cluster by {@code redis-cli}. */
public final class RedisCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A server that says nothing is asked no longer. */
    private static final int ANSWER_MILLIS = 300;

    private final Path work;
    private final int replicas;
    private final List<RedisNode> nodes = new CopyOnWriteArrayList<>();

    private RedisCluster(Path work, int replicas) {
        this.work = work;
        this.replicas = replicas;
    }

    /** Starts so many primaries, each with so many replicas, and waits until they serve all slots. */
    public static RedisCluster start(Path work, int primaries, int replicas) {
        RedisCluster cluster = new RedisCluster(work, replicas);
        try {
            IntStream.range(0, primaries * (1 + replicas)).forEach(number -> cluster.startNode());
            Stream<String> all = cluster.nodes.stream().map(RedisNode::address);
            cluster.cli(Stream.concat(
                            Stream.concat(Stream.of("--cluster", "create"), all),
                            Stream.of("--cluster-replicas", "" + replicas, "--cluster-yes"))
                    .toList());
            cluster.awaitWhole();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private RedisNode startNode() {
        // Only where something breaks: what a relay costs is nobody's to pay who measures.
        RedisNode node = RedisNode.start(work, nodes.size(), replicas > 0);
        nodes.add(node);
        return node;
    }

    public List<RedisNode> nodes() {
        return List.copyOf(nodes);
    }

    /** As a gateway is told. */
    public String uri() {
        return "redis://" + seeds();
    }

    /** As the gateway is told whose way to a server can be cut. */
    public String uriOfCuttable() {
        return "redis://" + RedisNode.CUTTABLE + "@" + seeds();
    }

    private String seeds() {
        return String.join(
                ",",
                nodes.stream()
                        .limit(3)
                        .map(node -> "127.0.0.1:" + node.announcedPort())
                        .toList());
    }

    /** Those that serve slots. */
    public List<RedisNode> primaries() {
        return nodes.stream().filter(node -> !slots(node).isEmpty()).toList();
    }

    /** The primary that has this key; of two that think so, the one that was elected last. */
    public RedisNode primaryOf(String key) throws IOException {
        int slot = SlotHash.getSlot(key);
        record Claim(RedisNode node, long epoch) {}
        Optional<Claim> last = nodes.stream()
                .flatMap(node -> myself(node)
                        .filter(fields -> has(fields, slot))
                        .map(fields -> new Claim(node, Long.parseLong(fields.get(6)))))
                .max(Comparator.comparingLong(Claim::epoch));
        return last.orElseThrow(() -> new IOException("no server has slot " + slot))
                .node();
    }

    /** To the server that has this key. */
    public RedisConnection connect(String key, int answerMillis) throws IOException {
        return RedisConnection.open(primaryOf(key).redis(), answerMillis);
    }

    /** What {@code CLUSTER NODES} says of the server that is asked, if it is a primary and answers. */
    private static Stream<List<String>> myself(RedisNode node) {
        return nodesAsSeenBy(node)
                .filter(line -> line.contains("myself,master"))
                .map(line -> List.of(line.split(" ")));
    }

    private static Stream<String> nodesAsSeenBy(RedisNode node) {
        if (!node.process().isAlive()) {
            return Stream.empty();
        }
        try (RedisConnection redis = RedisConnection.open(node.redis(), ANSWER_MILLIS)) {
            return String.valueOf(redis.call("CLUSTER", "NODES")).lines();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static List<String> slots(RedisNode node) {
        return myself(node)
                .flatMap(fields -> fields.stream().skip(8))
                .filter(range -> !range.startsWith("["))
                .toList();
    }

    private static boolean has(List<String> fields, int slot) {
        return fields.stream()
                .skip(8)
                .filter(range -> !range.startsWith("["))
                .map(range -> range.split("-"))
                .anyMatch(ends -> slot >= Integer.parseInt(ends[0]) && slot <= Integer.parseInt(ends[ends.length - 1]));
    }

    /** Waits until all living servers see a whole cluster, with a replica for each primary if they are to have one. */
    public void awaitWhole() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!nodes.stream().filter(node -> node.process().isAlive()).allMatch(this::seesItWhole)) {
            if (System.nanoTime() > deadline) {
                throw new LoadException("the Redis cluster did not become whole");
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    private boolean seesItWhole(RedisNode node) {
        List<List<String>> all =
                nodesAsSeenBy(node).map(line -> Arrays.asList(line.split(" "))).toList();
        long primaries =
                all.stream().filter(fields -> fields.size() > 8 && isUp(fields)).count();
        long standing = all.stream()
                .filter(fields -> fields.get(2).contains("slave") && isUp(fields))
                .count();
        return primaries > 0 && standing >= primaries * replicas && isServing(node);
    }

    private static boolean isUp(List<String> fields) {
        return !fields.get(2).contains("fail") && fields.get(7).equals("connected");
    }

    private static boolean isServing(RedisNode node) {
        try (RedisConnection redis = RedisConnection.open(node.redis(), ANSWER_MILLIS)) {
            return String.valueOf(redis.call("CLUSTER", "INFO")).contains("cluster_state:ok");
        } catch (IOException e) {
            return false;
        }
    }

    /** Moves so many slots, the first ones, from one to another. */
    public void reshard(RedisNode from, RedisNode to, int slots) throws IOException {
        cli(List.of(
                "--cluster",
                "reshard",
                from.address(),
                "--cluster-from",
                from.id(),
                "--cluster-to",
                to.id(),
                "--cluster-slots",
                "" + slots,
                "--cluster-yes"));
    }

    /** Adds a primary, which takes its share of the slots, and a replica for it. */
    public void grow() throws IOException {
        RedisNode fresh = startNode();
        String known = nodes.getFirst().address();
        cli(List.of("--cluster", "add-node", fresh.address(), known));
        awaitAgreement(fresh);
        RedisNode replica = startNode();
        List<String> asReplica = List.of("--cluster-slave", "--cluster-master-id", fresh.id());
        cli(Stream.concat(Stream.of("--cluster", "add-node", replica.address(), known), asReplica.stream())
                .toList());
        awaitAgreement(replica);
        cli(List.of("--cluster", "rebalance", known, "--cluster-use-empty-masters"));
    }

    private void awaitAgreement(RedisNode fresh) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (nodesAsSeenBy(fresh).count() < nodes.size() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(50_000_000);
        }
        // They agree on a server a moment after each of them knows it.
        LockSupport.parkNanos(2_000_000_000L);
    }

    private void cli(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("redis-cli"));
        command.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new LoadException(String.join(" ", command) + " said: " + said);
            }
        } catch (IOException e) {
            throw new LoadException("cannot run redis-cli; install it (apt-get install redis-tools)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        nodes.forEach(RedisNode::close);
    }
}
