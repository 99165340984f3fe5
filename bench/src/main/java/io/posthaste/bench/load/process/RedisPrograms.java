package io.posthaste.bench.load.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Starts {@code redis-server}: on loopback, with an append-only file. */
final class RedisPrograms {
    private RedisPrograms() {}

    /**
     * Starts one and waits until it answers.
     *
     * @param options beside those that all have
     * @param patience while it reads what it has
     */
    static ChildProcess launch(Path directory, int port, List<String> options, Duration patience) {
        List<String> command = new ArrayList<>(List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1"));
        command.addAll(List.of("--save", "", "--appendonly", "yes"));
        command.addAll(options);
        ChildProcess started = ChildProcess.start("redis", command, directory, Map.of());
        long deadline = System.nanoTime() + patience.toNanos();
        while (!answersPing(port)) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new LoadException("redis-server did not come up on port " + port + started.lastWords());
            }
            LockSupport.parkNanos(5_000_000);
        }
        return started;
    }

    private static boolean answersPing(int port) {
        try (RedisConnection connection = RedisConnection.open(RedisAddress.local(port))) {
            return "PONG".equals(connection.call("PING"));
        } catch (IOException e) {
            return false;
        }
    }
}
