package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisCommandExecutionException;
import io.posthaste.testing.Receiver.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Garbage in every key and field of the layout, by type and by chance, while a load runs: good jobs go on. Longer with
 * {@code -Dposthaste.keys.rounds=5000}, another run with {@code -Dposthaste.keys.seed=N}.
 */
class KeyFuzzIT {
    private static final int ROUNDS = Integer.getInteger("posthaste.keys.rounds", 150);
    private static final long SEED = Long.getLong("posthaste.keys.seed", 20_261_127L);
    private static final int LOAD_LANES = 6;

    @AutoClose
    private final TestGateway gateway = new TestGateway();

    private final Set<String> arrived = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final Random random = new Random(SEED);

    @Test
    void goodJobsGoOnWhateverStandsInTheKeys() throws InterruptedException {
        System.out.println("seed " + SEED + ", rounds " + ROUNDS);
        gateway.receiver.usually(request -> {
            arrived.add(request.path());
            // One in four of the load is to be tried again, so that bodies are parked and states are kept.
            return Answer.of(
                    request.path().startsWith("/load") && request.path().hashCode() % 4 == 0 ? 503 : 200);
        });
        gateway.with("TIME_SCALE", "40").start(); // The first retry is due after a third of a second.
        Thread load = Thread.ofPlatform().start(this::load);
        try {
            GarbageInKeys garbage = new GarbageInKeys(gateway.commands, random);
            List<Long> took = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                String what = garbage.write();
                took.add(probe("probe-" + round, what));
            }
            took.sort(null);
            System.out.println("good jobs arrived after ms: median " + took.get(took.size() / 2) + ", 99 % "
                    + took.get(took.size() * 99 / 100) + ", all " + took.getLast());
        } finally {
            running.set(false);
            load.join();
        }
    }

    /** Enqueues a job and waits until it arrives. Answers how long that took, ms. */
    private long probe(String id, String what) {
        long start = System.nanoTime();
        await(what)
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> enqueued(id, "probe"));
        await(what)
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> arrived.contains("/" + id));
        return (System.nanoTime() - start) / 1_000_000;
    }

    private void load() {
        for (int i = 0; running.get(); i++) {
            enqueued("load-" + i, "load-" + i % LOAD_LANES);
            try {
                Thread.sleep(ThreadLocalRandom.current().nextInt(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        assertThat(running).isFalse();
    }

    /** False while the inbox is no stream: no producer gets anything in then. */
    private boolean enqueued(String id, String lane) {
        String request = "{\"url\":\"" + gateway.receiver.url("/" + id) + "\",\"headers\":[],\"body\":\"b\"}";
        try {
            gateway.enqueue(id, "lane", lane, "request", request, "data", "{\"customer\":{\"id\":\"ada\"}}");
            return true;
        } catch (RedisCommandExecutionException refused) {
            return false;
        }
    }
}
