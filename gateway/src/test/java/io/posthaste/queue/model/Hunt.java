package io.posthaste.queue.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.testing.RedisServer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/** Looks for mutations, several at a time, each on a Redis of its own: a run waits for Redis most of the time. */
final class Hunt implements AutoCloseable {
    /** Enough for every mutation to show. */
    static final int STEPS = 600;
    /** Real time has its part in each run: a mutation that needs a rare moment may survive a few of them. */
    private static final int MOST_SEEDS = 16;

    private static final int AT_A_TIME = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

    private final ExecutorService workers = Executors.newFixedThreadPool(AT_A_TIME);
    private final Queue<RedisServer> free = new ConcurrentLinkedQueue<>();
    private final Queue<RedisServer> all = new ArrayDeque<>();
    private final Map<String, Future<Boolean>> caught = new HashMap<>();

    Hunt(Collection<Mutation> mutations) {
        for (int i = 0; i < AT_A_TIME; i++) {
            // What is on the disk matters to the run that crashes Redis, and to no other.
            RedisServer server = RedisServer.start("--appendonly", "no", "--save", "");
            all.add(server);
            free.add(server);
        }
        for (Mutation mutation : mutations) {
            caught.put(mutation.promise(), workers.submit(() -> isCaught(mutation)));
        }
    }

    /** Waits until it is known. */
    boolean caught(Mutation mutation) throws Exception {
        return Objects.requireNonNull(caught.get(mutation.promise())).get();
    }

    private boolean isCaught(Mutation mutation) {
        RedisServer server = free.remove();
        try {
            for (int seed = 1; seed <= MOST_SEEDS; seed++) {
                if (isCaught(server, seed, mutation.kind(), mutation::apply)) {
                    return true;
                }
            }
            return false;
        } finally {
            free.add(server);
        }
    }

    static boolean isCaught(RedisServer server, int seed, KeyspaceModel.Kind kind, UnaryOperator<String> mutate) {
        try (KeyspaceModel model = new KeyspaceModel(server, seed, kind, mutate)) {
            model.run(STEPS);
            model.drain();
            return false;
        } catch (AssertionError expected) {
            // A mutation that only misspells is caught by Redis, not by the model.
            assertThat(expected).message().doesNotContain("nonexistent global", "Error compiling");
            return true;
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        workers.close();
        all.forEach(RedisServer::close);
    }
}
