package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host that may get so many requests a second, whoever sends them. */
class HostRateIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final Pattern LEASES =
            Pattern.compile("posthaste_redis_duration_seconds_count\\{command=\"lease\"[^}]*} ([0-9.E]+)");

    @AutoClose
    private final TestGateway gateway = new TestGateway();

    @AutoClose
    private final Receiver other = Receiver.start();

    /** Nanoseconds, when requests to the limited receiver came, and what they were for. */
    private final List<Long> arrivals = Collections.synchronizedList(new ArrayList<>());

    private final List<String> paths = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void startReceivers() {
        gateway.receiver.usually(request -> {
            arrivals.add(System.nanoTime());
            paths.add(request.path());
            return Answer.of(200);
        });
        other.usually(request -> Answer.of(200));
    }

    @Test
    void manyActionsOfTwoGatewaysTogetherKeepToTheLimitOfAHostAndOthersAreUndisturbed() {
        gateway.start().start();
        limit(50);
        for (int i = 0; i < 10; i++) {
            action("a" + i, gateway.receiver.url("/" + i));
        }
        action("free", other.url("/"));
        enqueue(400, i -> job("job-" + i, "action", "a" + i % 10));
        enqueue(400, i -> job("free-" + i, "action", "free"));

        await().atMost(WAIT).until(() -> other.requestCount() >= 400);
        int before = arrivals.size();
        await().atMost(WAIT).until(() -> arrivals.size() >= 400);
        await().atMost(WAIT).until(() -> results("sent") == 800);

        // Those without a limit came later, and are through before those with one.
        assertThat(before).isLessThan(400);
        // A quarter above it, and what a busy machine brings late.
        assertThat(mostWithin(Duration.ofSeconds(1))).isLessThanOrEqualTo(85);
        assertThat(mostWithin(Duration.ofSeconds(3))).isLessThanOrEqualTo(185);
        double took = (arrivals.getLast() - arrivals.getFirst()) / 1e9;
        assertThat(took).isBetween(7.3, 12.0);
        // Waiting costs no attempt.
        assertThat(results("sent") + results("attempted")).isEqualTo(arrivals.size() + other.requestCount());
        System.out.printf(
                "400 requests at 50/s took %.2f s, at most %d within a second, %d given back, %.0f calls of one"
                        + " gateway%n",
                took, mostWithin(Duration.ofSeconds(1)), released(), leases());
        // Some are claimed before anybody knows how many may be; none goes in circles.
        assertThat(released()).isLessThan(2_000);
    }

    @Test
    void aLimitThatChangesOrGoesIsFollowedWhileJobsWait() {
        gateway.start().start();
        limit(2);
        action("a", gateway.receiver.url("/"));
        enqueue(500, i -> job("job-" + i, "action", "a"));
        await().atMost(WAIT).until(() -> arrivals.size() >= 4);
        assertThat(arrivals.size()).isLessThan(10);

        limit(200);
        long raised = System.nanoTime();
        await().atMost(WAIT).until(() -> arrivals.size() >= 250);
        assertThat(Duration.ofNanos(System.nanoTime() - raised)).isLessThan(Duration.ofSeconds(20));

        gateway.api().delete("/v1/host-limits/127.0.0.1:" + gateway.receiver.port());
        await().atMost(Duration.ofSeconds(5)).until(() -> arrivals.size() >= 500);
    }

    @Test
    void whatAGatewayTookThatIsGoneIsMissedForAMomentOnly() {
        gateway.start().start();
        limit(100);
        action("a", gateway.receiver.url("/"));
        enqueue(500, i -> job("job-" + i, "action", "a"));
        await().atMost(WAIT).until(() -> arrivals.size() >= 100);
        gateway.stop();
        int left = 500 - arrivals.size();
        long stopped = System.nanoTime();

        await().atMost(WAIT).until(() -> arrivals.size() >= 500);
        assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofMillis(left * 10L + 3_000L));
        assertThat(mostWithin(Duration.ofSeconds(1))).isLessThanOrEqualTo(160);
    }

    @Test
    void aLaneOfManyHostsGoesOnForThoseWithoutALimit() {
        gateway.start();
        limit(10);
        enqueue(800, i -> inline("job-" + i, i % 2 == 0 ? gateway.receiver.url("/") : other.url("/")));

        await().atMost(Duration.ofSeconds(8)).until(() -> other.requestCount() >= 400);
        assertThat(arrivals.size()).isLessThan(110);
    }

    @Test
    void jobsOfALineKeepTheirOrderAndComeOneAtATime() {
        gateway.start().start();
        limit(40);
        action("a", gateway.receiver.url("/{{ n }}"));
        enqueue(
                60,
                i -> Map.of("v", "1", "id", "line-" + i, "action", "a", "order", "one", "data", "{\"n\":" + i + "}"));

        await().atMost(WAIT).until(() -> arrivals.size() >= 60);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            expected.add("/" + i);
        }
        assertThat(paths).isEqualTo(expected);
        assertThat(mostWithin(Duration.ofSeconds(1))).isLessThanOrEqualTo(75);
    }

    @Test
    void hostsWithoutALimitAskNobody() {
        gateway.start();
        limit(10);
        action("free", other.url("/"));
        enqueue(200, i -> job("free-" + i, "action", "free"));

        await().atMost(WAIT).until(() -> results("sent") == 200);
        assertThat(leases()).isZero();
        assertThat(gateway.commands.keys("posthaste:*:rate:*")).isEmpty();
    }

    private void limit(double perSecond) {
        gateway.api()
                .put("/v1/host-limits/127.0.0.1:" + gateway.receiver.port(), "{\"max_per_second\":" + perSecond + "}");
        // The other gateway has seen it by then.
        await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
    }

    private void action(String id, String url) {
        gateway.api()
                .put(
                        "/v1/actions/" + id,
                        "{\"url\":\"" + url
                                + "\",\"body\":\"{}\",\"retry\":{\"timeout_ms\":30000,\"delays_ms\":[1000]}}");
    }

    private static Map<String, String> job(String id, String field, String value) {
        return Map.of("v", "1", "id", id, field, value, "data", "{}");
    }

    private static Map<String, String> inline(String id, String url) {
        String request = "{\"url\":\"" + url + "\",\"headers\":[],\"body\":\"b\"}";
        return Map.of("v", "1", "id", id, "lane", "mixed", "request", request, "data", "{}");
    }

    /** At once: a busy machine takes long over one after the other. */
    private void enqueue(int count, IntFunction<Map<String, String>> job) {
        try (StatefulRedisConnection<String, String> connection = gateway.client.connect()) {
            RedisFuture<?>[] added = IntStream.range(0, count)
                    .mapToObj(i -> connection.async().xadd(TestGateway.KEYS.inbox(), job.apply(i)))
                    .toArray(RedisFuture<?>[]::new);
            assertThat(LettuceFutures.awaitAll(WAIT, added)).isTrue();
        }
    }

    private long results(String event) {
        return gateway.results().stream()
                .filter(result -> event.equals(result.get("event")))
                .count();
    }

    private long released() {
        String count = gateway.commands.hget(TestGateway.KEYS.stats(), "released");
        return count == null ? 0 : Long.parseLong(count);
    }

    /** Calls that asked for requests of the last gateway. */
    private double leases() {
        return LEASES.matcher(gateway.metrics())
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }

    private int mostWithin(Duration window) {
        List<Long> sorted = new ArrayList<>(arrivals);
        sorted.sort(null);
        int most = 0;
        for (int from = 0, to = 0; to < sorted.size(); to++) {
            while (sorted.get(to) - sorted.get(from) >= window.toNanos()) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }
}
