package io.posthaste.redis.embedded;

import io.posthaste.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Redis server as a child process: loopback only, append-only file on, nothing evicted. Its data outlives the
 * gateway, its process does not.
 *
 * <p>Three things can die. The gateway, by {@code kill -9} too: a small shell holds the other end of a pipe, sees it
 * close, and ends Redis in good order. The shell with it (a whole group killed): Redis runs on, and the next gateway on
 * this directory takes it over. Redis: it is started again. At no time do two write to one directory: the gateway holds
 * a lock on it, and a server that was left there is taken over or waited for.
 */
public final class EmbeddedRedis implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final long STOP_SECONDS = 30;
    /** Of 2 ms each and more: how long a server that does not load data may take to answer. */
    private static final int PATIENCE = 5_000;

    private static final Executor BEFORE_RESTART = CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

    /** Ends {@code $1} when its own standard input does, which is when the gateway is gone; deaf to the terminal. */
    private static final String WATCH = "trap '' INT TERM HUP; read -r line; kill -TERM \"$1\"";

    private final GatewayConfig.Redis.Embedded config;
    private final RedisDirectory directory;
    private final RedisBinary.Found binary;
    private final List<String> command;

    private volatile boolean closed;
    private volatile ProcessHandle server;
    private volatile @Nullable Process watch;

    private EmbeddedRedis(GatewayConfig.Redis.Embedded config, RedisDirectory directory, String searchPath) {
        this.config = config;
        this.directory = directory;
        this.binary = RedisBinary.find(searchPath, directory.path());
        this.command = command(config, directory, searchPath, binary.program());
        this.server = directory.leftRunning(config.port()).orElseGet(this::launch);
    }

    /**
     * Starts the server, or takes over one that an earlier gateway left on this directory, and waits until it answers,
     * however long it loads its data. Blocks; an {@link EmbeddedRedisException} says what is in the way.
     *
     * @param searchPath the {@code PATH} to look for {@code redis-server} or {@code valkey-server} in
     */
    public static EmbeddedRedis start(GatewayConfig.Redis.Embedded config, String searchPath) {
        EmbeddedRedis redis = create(config, RedisDirectory.lock(config.directory()), searchPath);
        try {
            redis.supervise();
            redis.awaitReady();
            return redis;
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    /** Where it listens, with its password. */
    public String uri() {
        return "redis://:" + directory.password() + "@127.0.0.1:" + config.port();
    }

    /** Where the server of a gateway that runs listens, for another process of the same user. */
    public static String uri(GatewayConfig.Redis.Embedded config) {
        return "redis://:" + RedisDirectory.passwordIn(config.directory()) + "@127.0.0.1:" + config.port();
    }

    /** What is known to be wrong with the program that is the server, each a sentence with the fix. */
    public List<String> warnings() {
        return binary.holes().stream()
                .map(hole -> "%s has %s (%s); install a newer redis-server or valkey-server, or set redis.uri"
                        .formatted(binary.program(), hole.cve(), hole.what()))
                .toList();
    }

    long pid() {
        return server.pid();
    }

    /** Ends the server after it has written everything to disk. Call it last: whoever still has work in flight loses it. */
    @Override
    public void close() {
        if (end()) {
            awaitExit();
            endWatch();
            directory.unlock();
        }
    }

    /** Whether this call is the one that ends it. Excludes {@link #startAgain}: nothing is started after the end. */
    private synchronized boolean end() {
        boolean first = !closed;
        closed = true;
        // The signal alone would do, but Redis looks for it only ten times a second.
        directory.probe(config.port()).ask("SHUTDOWN");
        server.destroy();
        return first;
    }

    private static EmbeddedRedis create(
            GatewayConfig.Redis.Embedded config, RedisDirectory directory, String searchPath) {
        try {
            return new EmbeddedRedis(config, directory, searchPath);
        } catch (RuntimeException e) {
            directory.unlock();
            throw e;
        }
    }

    private ProcessHandle launch() {
        if (RedisProbe.isTaken(config.port())) {
            throw new EmbeddedRedisException(
                    ("port %d is in use by another program, so Redis cannot be started there; set redis.embedded.port to a"
                                    + " free port, or redis.uri to the Redis you want to use")
                            .formatted(config.port()),
                    null);
        }
        return start(command).toHandle();
    }

    private Process start(List<String> program) {
        try {
            return new ProcessBuilder(program)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(directory.log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new EmbeddedRedisException("cannot start " + program.getFirst() + ": " + e.getMessage(), e);
        }
    }

    private void supervise() {
        watch = watch(server);
        // Nobody waits for it: its end is the next start, or nothing once closed.
        var unused = server.onExit().thenRunAsync(this::startAgain, BEFORE_RESTART);
    }

    private synchronized void startAgain() {
        endWatch();
        if (closed) {
            return;
        }
        log.atError()
                .addKeyValue("pid", server.pid())
                .addKeyValue("reason", directory.lastLogLine())
                .log("redis.died");
        try {
            server = start(command).toHandle();
            supervise();
        } catch (EmbeddedRedisException e) {
            log.atError().addKeyValue("reason", e.getMessage()).log("redis.lost");
        }
    }

    private @Nullable Process watch(ProcessHandle redis) {
        try {
            return new ProcessBuilder("sh", "-c", WATCH, "posthaste-redis-watch", "" + redis.pid())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            // An image without a shell: its processes end together anyway.
            log.atWarn().addKeyValue("reason", e.getMessage()).log("redis.unwatched");
            return null;
        }
    }

    /** Killed, not told: a shell that saw its input end would signal a process number that may be someone else's by now. */
    private void endWatch() {
        Process watching = watch;
        if (watching != null) {
            watching.destroyForcibly();
        }
    }

    private void awaitReady() {
        RedisProbe probe = directory.probe(config.port());
        for (int tries = 0; !probe.isReady() || !directory.isOurs(server, config.port()); tries++) {
            if (!server.isAlive()) {
                throw new EmbeddedRedisException("Redis ended at once: " + directory.lastLogLine(), null);
            }
            if (tries > PATIENCE && !probe.isLoading()) {
                throw new EmbeddedRedisException("Redis does not answer; see " + directory.log(), null);
            }
            RedisDirectory.pause();
        }
        // A server taken over may have been started with another policy, and without a password.
        probe.ask("CONFIG SET appendfsync " + config.fsync());
        probe.ask("CONFIG SET requirepass " + directory.password());
        log.atInfo()
                .addKeyValue("pid", server.pid())
                .addKeyValue("port", config.port())
                .addKeyValue("directory", directory.path())
                .log("redis.started");
    }

    private void awaitExit() {
        try {
            server.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.atWarn().addKeyValue("pid", server.pid()).log("redis.still_stopping");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> command(
            GatewayConfig.Redis.Embedded config, RedisDirectory directory, String searchPath, Path program) {
        List<String> command = new ArrayList<>(RedisBinary.ownSession(searchPath));
        command.add(program.toString());
        command.add(directory.accessFile().toString());
        command.addAll(List.of("--bind", "127.0.0.1", "--port", "" + config.port(), "--daemonize", "no"));
        command.addAll(List.of("--dir", directory.path().toString()));
        command.addAll(List.of("--pidfile", directory.pidFile(config.port()).toString()));
        command.addAll(List.of("--appendonly", "yes", "--appendfsync", config.fsync(), "--save", ""));
        // With the small sizes Redis starts from, a queue that fills and empties would be rewritten every few seconds.
        command.addAll(List.of("--auto-aof-rewrite-min-size", "1gb", "--auto-aof-rewrite-percentage", "200"));
        command.addAll(List.of("--maxmemory-policy", "noeviction", "--loglevel", "notice"));
        return List.copyOf(command);
    }
}
