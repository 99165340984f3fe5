package io.posthaste.bench.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A {@code redis-server} of the load test's own: append-only file on, on a free port, data in the work directory. */
public final class RedisServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port = Ports.free();
    private final Path directory;
    private final String rewriteFrom;
    private volatile String fsync;
    private ChildProcess process;

    private RedisServer(Path directory, String fsync, String rewriteFrom) {
        this.directory = directory;
        this.rewriteFrom = rewriteFrom;
        this.fsync = fsync;
        this.process = launch();
    }

    /** Starts one and waits until it answers. {@code fsync} is {@code always}, {@code everysec} or {@code no}. */
    public static RedisServer start(Path work, String fsync) {
        // A queue's file grows by what passes through it, not by what is in it: the default would rewrite it every few
        // seconds at full load.
        return start(work, fsync, "4gb");
    }

    /** The same, whose append-only file is rewritten when it is three times what it was, and so large. */
    public static RedisServer start(Path work, String fsync, String rewriteFrom) {
        try {
            return new RedisServer(Files.createTempDirectory(work, "redis"), fsync, rewriteFrom);
        } catch (IOException e) {
            throw new LoadException("cannot make a directory for Redis in " + work, e);
        }
    }

    public RedisAddress address() {
        return RedisAddress.local(port);
    }

    public ChildProcess process() {
        return process;
    }

    /** {@code kill -9}. */
    public void kill() {
        process.kill();
    }

    /** Starts the killed server again on its port and data; returns when it has loaded them. */
    public void restart() {
        process = launch();
    }

    /** Changes the fsync policy, now and for every restart. */
    public void fsync(String policy) throws IOException {
        fsync = policy;
        try (RedisConnection connection = RedisConnection.open(address())) {
            connection.call("CONFIG", "SET", "appendfsync", policy);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private ChildProcess launch() {
        return RedisPrograms.launch(
                directory,
                port,
                List.of(
                        "--appendfsync",
                        fsync,
                        "--auto-aof-rewrite-min-size",
                        rewriteFrom,
                        "--auto-aof-rewrite-percentage",
                        "200"),
                PATIENCE);
    }
}
