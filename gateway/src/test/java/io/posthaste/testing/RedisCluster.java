package io.posthaste.testing;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.posthaste.redis.RedisKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Three primaries and three replicas on free ports: real processes, made a cluster by {@code redis-cli}. */
public final class RedisCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PRIMARIES = 3;

    private final List<RedisServer> servers = new ArrayList<>();

    private RedisCluster() {}

    /** Starts one and waits until it serves all slots and has its replicas. */
    public static RedisCluster start() {
        RedisCluster cluster = new RedisCluster();
        try {
            IntStream.range(0, 2 * PRIMARIES).forEach(number -> cluster.servers.add(server()));
            cluster.join();
            cluster.awaitWhole();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static RedisServer server() {
        // The bus listens 10,000 ports higher unless it is told where.
        return RedisServer.start(
                "--cluster-enabled", "yes",
                "--cluster-node-timeout", "2000",
                "--cluster-require-full-coverage", "no",
                "--cluster-port", "" + RedisServer.freePort(),
                "--cluster-config-file", "nodes.conf",
                "--repl-diskless-sync-delay", "0");
    }

    private void join() {
        List<String> command = Stream.concat(
                        Stream.of("redis-cli", "--cluster", "create"),
                        Stream.concat(
                                servers.stream().map(server -> "127.0.0.1:" + server.port()),
                                Stream.of("--cluster-replicas", "1", "--cluster-yes")))
                .toList();
        run(command);
    }

    private static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(command + " said: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot run redis-cli; install it (apt-get install redis-tools)", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Until every slot is served, every primary has its replica, and nobody takes himself for what he was. */
    public void awaitWhole() {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            List<RedisServer> alive =
                    servers.stream().filter(RedisServer::isAlive).toList();
            return alive.stream().filter(RedisCluster::isPrimary).count() == PRIMARIES
                    && alive.stream().allMatch(RedisCluster::isWhole);
        });
    }

    private static boolean isWhole(RedisServer server) {
        return orNothing(server, RedisCommands::clusterInfo).contains("cluster_state:ok")
                && replicas(server) == PRIMARIES;
    }

    private static boolean isPrimary(RedisServer server) {
        return nodes(server).lines().anyMatch(line -> line.contains("myself,master"));
    }

    private static long replicas(RedisServer server) {
        return nodes(server)
                .lines()
                .filter(line -> line.contains("slave") && !line.contains("fail"))
                .count();
    }

    /** As {@code redis.uri} takes it: two of them, the others are found. */
    public String uri() {
        return "redis://127.0.0.1:" + servers.get(0).port() + ",127.0.0.1:"
                + servers.get(1).port();
    }

    /** The primary that has this key now. */
    public RedisServer primaryOf(String key) {
        int slot = SlotHash.getSlot(key);
        return servers.stream()
                .filter(server -> server.isAlive() && has(server, slot))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody has slot " + slot));
    }

    /** How many replicas have all that was written to this shard before; waits for one. */
    public long replicasOf(RedisKeys shard) {
        return on(primaryOf(shard.inbox()), commands -> {
            commands.set(shard.prefix() + "last", "");
            return commands.waitForReplication(1, 5_000);
        });
    }

    private static boolean has(RedisServer server, int slot) {
        return nodes(server)
                .lines()
                .filter(line -> line.contains("myself,master"))
                .flatMap(line -> Stream.of(line.split(" ")).skip(8))
                .anyMatch(range -> contains(range, slot));
    }

    private static boolean contains(String range, int slot) {
        if (range.startsWith("[")) {
            return false;
        }
        String[] ends = range.split("-");
        return slot >= Integer.parseInt(ends[0]) && slot <= Integer.parseInt(ends[ends.length - 1]);
    }

    /** A slot on its way from one primary to another. */
    public static final class Move {
        private final RedisServer from;
        private final RedisServer to;
        private final int slot;

        Move(RedisServer from, RedisServer to, int slot) {
            this.from = from;
            this.to = to;
            this.slot = slot;
        }

        /** Moves so many of its keys, with all that is in them. */
        public void keys(int most) {
            List<String> keys = on(from, redis -> redis.clusterGetKeysInSlot(slot, most));
            for (String key : keys) {
                on(from, redis -> redis.migrate("127.0.0.1", to.port(), key, 0, 5_000));
            }
        }

        /** Moves the rest and says where the slot is now. */
        public void finish() {
            keys(Integer.MAX_VALUE);
            String target = on(to, RedisCommands::clusterMyId);
            on(to, redis -> redis.clusterSetSlotNode(slot, target));
            on(from, redis -> redis.clusterSetSlotNode(slot, target));
        }
    }

    /** Begins to move the slot of this key to the primary where that one is. */
    public Move move(String key, String whereThisIs) {
        RedisServer from = primaryOf(key);
        RedisServer to = primaryOf(whereThisIs);
        int slot = SlotHash.getSlot(key);
        String source = on(from, RedisCommands::clusterMyId);
        String target = on(to, RedisCommands::clusterMyId);
        on(to, redis -> redis.clusterSetSlotImporting(slot, source));
        on(from, redis -> redis.clusterSetSlotMigrating(slot, target));
        return new Move(from, to, slot);
    }

    private static String nodes(RedisServer server) {
        return orNothing(server, RedisCommands::clusterNodes);
    }

    private static String orNothing(RedisServer server, Function<RedisCommands<String, String>, String> command) {
        try {
            return on(server, command);
        } catch (RedisException silent) {
            return "";
        }
    }

    /** Runs a command on every server. */
    public void everywhere(String command) {
        for (RedisServer server : servers) {
            run(Stream.concat(Stream.of("redis-cli", "-e", "-p", "" + server.port()), Stream.of(command.split(" ")))
                    .toList());
        }
    }

    /** Runs a command on this server, whatever slots it has. */
    public static <T> T on(RedisServer server, Function<RedisCommands<String, String>, T> command) {
        RedisClient client = RedisClient.create(server.uri() + "?timeout=2s");
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return command.apply(connection.sync());
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }
}
