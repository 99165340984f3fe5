package io.posthaste.bench.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One server of a cluster: append-only file on, free ports, data in the work directory. */
public final class RedisNode implements AutoCloseable {
    /** After how long without a word a primary counts as dead. The cluster's elections are in proportion. */
    private static final int NODE_TIMEOUT_MILLIS = 2_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The user of the gateway whose way to a server can be cut. */
    static final String CUTTABLE = "cuttable:cuttable";

    private final int port = Ports.free();
    private final int busPort = Ports.free();
    private final Path directory;
    private final TcpRelay relay = TcpRelay.to(port, CUTTABLE.substring(0, CUTTABLE.indexOf(':')));
    private final boolean relayed;
    private ChildProcess process;

    private RedisNode(Path directory, boolean relayed) {
        this.directory = directory;
        this.relayed = relayed;
        this.process = launch();
    }

    /** @param relayed whether clients are told to come by the relay */
    static RedisNode start(Path work, int number, boolean relayed) {
        try {
            return new RedisNode(Files.createDirectories(work.resolve("redis-" + number)), relayed);
        } catch (IOException e) {
            throw new LoadException("cannot make a directory for Redis in " + work, e);
        }
    }

    /** Where clients are told to come. */
    int announcedPort() {
        return relayed ? relay.port() : port;
    }

    /** The clients' way there. */
    public TcpRelay relay() {
        return relay;
    }

    int port() {
        return port;
    }

    public RedisAddress redis() {
        return RedisAddress.local(port);
    }

    /** As {@code redis-cli} takes it. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** Its id in the cluster. */
    String id() throws IOException {
        try (RedisConnection redis = RedisConnection.open(redis())) {
            return String.valueOf(redis.call("CLUSTER", "MYID"));
        }
    }

    public ChildProcess process() {
        return process;
    }

    /** Starts it again after it was killed, with the data it has. */
    public void restart() {
        process = launch();
    }

    private ChildProcess launch() {
        List<String> options = List.of(
                // Short where servers are started again and read it; long where nothing is to be measured but the work.
                "--auto-aof-rewrite-min-size",
                relayed ? "64mb" : "4gb",
                "--cluster-enabled",
                "yes",
                "--cluster-config-file",
                "nodes.conf",
                "--cluster-port",
                "" + busPort,
                "--cluster-node-timeout",
                "" + NODE_TIMEOUT_MILLIS,
                // The other shards go on while one has no primary.
                "--cluster-require-full-coverage",
                "no",
                "--cluster-announce-port",
                "" + announcedPort(),
                "--user",
                CUTTABLE.replaceFirst(":.*", ""),
                "on",
                CUTTABLE.replaceFirst(".*:", ">"),
                "~*",
                "&*",
                "+@all",
                "--repl-diskless-sync-delay",
                "0");
        return RedisPrograms.launch(directory, port, options, PATIENCE);
    }

    @Override
    public void close() {
        process.kill();
        relay.close();
    }
}
