package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.api.live.Insight;
import io.posthaste.api.live.LiveState;
import io.posthaste.api.live.Readiness;
import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.json.StrictJson;
import io.posthaste.metrics.HostLoad;
import io.posthaste.metrics.PrometheusPage;
import io.posthaste.queue.browse.Deliveries.Depth;
import io.posthaste.queue.browse.Deliveries.Lane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class LiveStateIT {
    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = new RunningApi();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void ofManyThatAskAtOnceNoMoreThanTheLimitWatch() throws InterruptedException {
        LiveState live = new LiveState(
                new Insight(
                        () -> new Readiness(true, ""),
                        accept -> new PrometheusPage.Page("text/plain", ""),
                        List.of(),
                        api.activity,
                        () -> Depth.UNKNOWN,
                        List::of,
                        "here-1",
                        () -> List.of("here-1"),
                        List::of,
                        List::of,
                        api.hosts::seen),
                api.deliveries,
                InstantSource.system(),
                Schedulers.parallel());
        Disposable.Composite watchers = Disposables.composite();
        CountDownLatch refused = new CountDownLatch(2 * LiveState.MOST_WATCHERS);
        Flux.range(0, 3 * LiveState.MOST_WATCHERS)
                .parallel()
                .runOn(Schedulers.parallel())
                .doOnNext(i -> watchers.add(live.watch().subscribe(state -> {}, lost -> {}, refused::countDown)))
                .sequential()
                .blockLast();

        assertThat(refused.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(live.isCrowded()).isTrue();
        watchers.dispose();
        await().untilAsserted(() -> assertThat(live.isCrowded()).isFalse());
    }

    @Test
    void aWatcherIsToldThePastThenEverySecond() throws IOException {
        await().until(() -> api.activity.past().size() >= 2);

        try (Watcher watcher = new Watcher()) {
            Event first = watcher.await(event -> true);
            api.activity.settled("crm", delivered(), 12);
            Event counted = watcher.await(
                    event -> event.data.path("second").path("delivered").asInt() == 1);

            assertThat(first.name).isEqualTo("history");
            assertThat(first.data.path("seconds").path("at").size()).isGreaterThanOrEqualTo(2);
            assertThat(first.data.path("seconds").path("answer_p50").size())
                    .isEqualTo(first.data.path("seconds").path("at").size());
            assertThat(counted.name).isEqualTo("state");
            assertThat(counted.data.path("second").path("arrival_p50").asInt()).isEqualTo(12);
            assertThat(counted.data.path("schedule").path("minutes").size()).isEqualTo(180);
        }
    }

    @Test
    void everyWatcherIsSentTheSameState() throws IOException {
        try (Watcher one = new Watcher();
                Watcher other = new Watcher()) {
            Event seen = one.await(event -> event.name.equals("state"));

            Event same = other.await(event -> event.data.path("at").equals(seen.data.path("at")));

            assertThat(same.data).isEqualTo(seen.data);
        }
    }

    @Test
    void lanesThatHurtComeFirst() {
        api.depth = new Depth(
                1_000,
                new Depth.Inbox(0, 0),
                new Depth.Totals(3, 0, 0, 0),
                List.of(
                        new Lane("busy", 2, 0, 1, 9_000, false),
                        new Lane("deep", 70, 70, 1, 400, false),
                        new Lane("held", 5, 5, 0, 100, true)));
        api.activity.settled("broken", failed(), 10);
        api.limitingHosts = List.of(new HostLoad("https://slow.example:443", 20, 20));

        try (Watcher watcher = new Watcher()) {
            Event event = watcher.await(seen -> seen.data.path("lanes").size() >= 4
                    && seen.data.path("lanes").path(1).path("unsuccessful").asInt() == 1);

            assertThat(event.data.path("lanes").findValuesAsText("name")).startsWith("held", "broken", "deep");
            assertThat(event.data.path("limiting_hosts").path(0).path("limit").asInt())
                    .isEqualTo(20);
            // The paused lane's work waits too, but it does not make the queue old.
            assertThat(event.data.path("second").path("waiting").asInt()).isEqualTo(75);
            assertThat(event.data.path("second").path("oldest_waiting_ms").asInt())
                    .isEqualTo(600);
        } finally {
            api.depth = Depth.UNKNOWN;
            api.limitingHosts = List.of();
        }
    }

    @Test
    void eventsNeedAToken() {
        assertThat(api.call("GET", "/v1/events", "", null).status()).isEqualTo(401);
    }

    @Test
    void statsSaySinceWhenAndHowFarAhead() {
        JsonNode stats = api.get("/v1/stats").body();

        assertThat(stats.path("queue_at").asLong()).isPositive();
        assertThat(stats.path("schedule").path("minutes").size()).isEqualTo(180);
        assertThat(stats.path("ready").asBoolean()).isTrue();
    }

    private static Outcome delivered() {
        return new Outcome.Delivered(
                new Attempt(1, 0, 200, 5, "", ""), new RenderedRequest("POST", "", List.of(), new byte[0]), false);
    }

    private static Outcome failed() {
        return new Outcome.Failed(new Attempt(1, 0, 404, 5, "HTTP 404", ""), "HTTP 404", null);
    }

    private record Event(String name, JsonNode data) {}

    /** Reads the stream as a browser does. */
    private static final class Watcher implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
        private final Thread reader;

        Watcher() {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port + "/v1/events"))
                    .header("Authorization", "Bearer " + RunningApi.READ)
                    .build();
            var stream = client.sendAsync(request, HttpResponse.BodyHandlers.ofLines());
            reader = Thread.ofVirtual().start(() -> {
                try {
                    read(stream.join().body());
                } catch (UncheckedIOException closed) {
                    // The test has seen what it wanted.
                }
            });
        }

        private void read(Stream<String> lines) {
            String[] name = {""};
            lines.forEach(line -> {
                if (line.startsWith("event: ")) {
                    name[0] = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    events.add(new Event(name[0], new StrictJson().read(line.substring(6))));
                }
            });
        }

        Event await(java.util.function.Predicate<Event> wanted) {
            return org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> events.stream().filter(wanted).findFirst(), java.util.Optional::isPresent)
                    .orElseThrow();
        }

        @Override
        public void close() {
            reader.interrupt();
            client.shutdownNow();
        }
    }
}
