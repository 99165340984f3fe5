package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Two thousand hosts that take requests and never answer, and one that answers: a slow receiver slows only itself. */
class SilentCrowdIT {
    private static final int CROWD = 2_000;
    private static final int LANES = 4;
    private static final int JOBS = 8_000;
    private static final int GOOD = 300;

    @AutoClose
    private final TestGateway gateway = new TestGateway();

    @AutoClose
    private final Receiver receiver = Receiver.ofManyHosts();

    private final Map<String, Long> arrived = new ConcurrentHashMap<>();

    @Test
    void goodJobsAreAsQuickBesideThem() throws InterruptedException {
        receiver.usually(request -> {
            arrived.put(request.path(), System.nanoTime());
            boolean good = request.path().startsWith("/good");
            return good ? Answer.of(200) : Answer.of(200).after(new CompletableFuture<>());
        });
        String addresses = IntStream.range(0, CROWD)
                .mapToObj(host -> address(host) + "/32")
                .collect(Collectors.joining(",", "127.0.0.1/32,", ""));
        gateway.with("SEND_ALLOW_ADDRESSES", addresses).start();
        good("warm-up");
        List<Long> alone = good("alone");

        for (int i = 0; i < JOBS; i++) {
            String url = "http://" + address(i % CROWD) + ":" + receiver.port() + "/silent-" + i;
            enqueue("silent-" + i, "silent-" + i % LANES, url);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> arrived.size() > 2 * GOOD + 100);
        List<Long> beside = good("beside");

        System.out.printf(
                "good jobs alone: median %.1f ms, 99 %% %.1f ms; beside %d silent hosts: median %.1f ms, 99 %% %.1f ms%n",
                millis(alone, 50), millis(alone, 99), CROWD, millis(beside, 50), millis(beside, 99));
        // Without a guard their median is two hundred times as long.
        assertThat(millis(beside, 50)).isLessThan(20 * millis(alone, 50));
    }

    /** At a steady trickle, one after the other. Answers how long each took to arrive, in order. */
    private List<Long> good(String name) throws InterruptedException {
        List<Long> enqueued = new ArrayList<>();
        for (int i = 0; i < GOOD; i++) {
            enqueued.add(System.nanoTime());
            enqueue(name + "-" + i, "good", receiver.url("/good-" + name + "-" + i));
            Thread.sleep(10);
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> arrived.containsKey("/good-" + name + "-" + (GOOD - 1))
                        && arrived.keySet().stream()
                                        .filter(path -> path.startsWith("/good-" + name))
                                        .count()
                                == GOOD);
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < GOOD; i++) {
            took.add(arrived.getOrDefault("/good-" + name + "-" + i, Long.MAX_VALUE) - enqueued.get(i));
        }
        took.sort(null);
        return took;
    }

    private static String address(int host) {
        return "127.1." + host / 250 + "." + (1 + host % 250);
    }

    private static double millis(List<Long> sorted, int percent) {
        return sorted.get(sorted.size() * percent / 100) / 1e6;
    }

    private void enqueue(String id, String lane, String url) {
        String request = "{\"url\":\"" + url + "\",\"headers\":[],\"body\":\"b\"}";
        gateway.enqueue(id, "lane", lane, "request", request, "data", "{}");
    }
}
