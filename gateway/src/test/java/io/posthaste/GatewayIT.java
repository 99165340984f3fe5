package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.config.ConfigLoader;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import io.posthaste.testing.Receiver.Received;
import io.posthaste.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole gateway against a real Redis and a real receiver: what a producer and a receiver see. */
class GatewayIT {
    private static final String INBOX = "posthaste:{0}:inbox";
    private static final String RESULTS = "posthaste:{0}:results";

    private final RedisServer redis = RedisServer.start();
    private final Receiver receiver = Receiver.start();
    private final RedisClient client = RedisClient.create(redis.uri());
    private final RedisCommands<String, String> commands = client.connect().sync();
    private final Map<String, String> settings = new HashMap<>();

    private @Nullable Gateway gateway;

    @TempDir
    Path data = Path.of("replaced by JUnit");

    @BeforeEach
    void configure() {
        settings.put("POSTHASTE_REDIS_URI", redis.uri());
        settings.put("POSTHASTE_ADMIN_PORT", "0");
        settings.put("POSTHASTE_ADMIN_TOKEN", "test-token-of-at-least-32-characters");
        settings.put("POSTHASTE_KEYS_SIGNING", "test-key");
        settings.put("POSTHASTE_KEYS_ENCRYPTION", "0".repeat(64));
        settings.put("POSTHASTE_SEND_ALLOW_ADDRESSES", "127.0.0.1/32:" + receiver.port());
        settings.put("POSTHASTE_TIME_SCALE", "100");
    }

    @AfterEach
    void stop() {
        stopGateway();
        client.shutdown();
        receiver.close();
        redis.close();
    }

    @Test
    void deliversWhatAProducerAdds() {
        start();
        enqueue("job-1", "{\"customer\":{\"id\":\"7\"}}", "id={{customer.id}}");

        Received request = receiver.takeRequest();
        assertThat(request.text()).isEqualTo("id=7");
        assertThat(request.header("X-CIO-Delivery-ID")).isEqualTo("job-1");
        assertThat(request.header("X-CIO-Signature")).hasSize(64);
        awaitEvents("job-1", "sent");
    }

    @Test
    void retriesWithTheSameBytesAndKey() {
        receiver.answers(503, 429, 200);
        start();
        enqueue("job-1", "{}", "{% generate_uuid %}");

        Received first = receiver.takeRequest();
        Received second = receiver.takeRequest();
        Received third = receiver.takeRequest();
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(third.body()).isEqualTo(first.body());
        assertThat(third.header("X-CIO-Idempotency-Key")).isEqualTo(first.header("X-CIO-Idempotency-Key"));
        awaitEvents("job-1", "attempted", "attempted", "sent");
    }

    @Test
    void failsAtOnceWhereARetryCannotHelp() {
        receiver.answers(404);
        start();
        enqueue("job-1", "{}", "x");

        awaitEvents("job-1", "failed");
        assertThat(receiver.requestCount()).isEqualTo(1);
    }

    @Test
    void anUnknownActionFailsAndNothingIsSent() {
        start();
        commands.xadd(INBOX, Map.of("v", "1", "id", "job-1", "action", "nope", "data", "{}"));

        awaitEvents("job-1", "failed");
        assertThat(receiver.requestCount()).isZero();
    }

    @Test
    void anIdleGatewayDoesNotWaitForItsPoll() {
        settings.put("POSTHASTE_QUEUE_IDLE_POLL", "1s");
        start();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            long from = System.nanoTime();
            enqueue("job-" + i, "{}", "x");
            receiver.takeRequest();
            awaitEvents("job-" + i, "sent");
            waits.add((System.nanoTime() - from) / 1_000_000);
        }

        // Polls alone would make the median half a second.
        assertThat(waits.stream().sorted().toList().get(4)).isLessThan(250);
    }

    @Test
    void aJobIsSentThoughItsLaneWasToldOfShorterAttempts() {
        start();
        commands.hset("posthaste:{0}:lane-limits", "lane", ",,,,,1000");
        String retry = "{\"timeout_ms\":20000,\"delays_ms\":[1000],\"statuses\":[\"5xx\"]}";
        String request =
                "{\"url\":\"" + receiver.url("/") + "\",\"headers\":[],\"body\":\"x\",\"retry\":" + retry + "}";
        commands.xadd(INBOX, Map.of("v", "1", "id", "job-1", "request", request, "lane", "lane", "data", "{}"));

        awaitEvents("job-1", "sent");
        assertThat(commands.hget("posthaste:{0}:lane-limits", "lane")).isEqualTo(",,,,,20000");
    }

    @Test
    void aReceiverThatHangsLeavesOthersAlone() {
        settings.put("POSTHASTE_SEND_MAX_IN_FLIGHT", "8");
        settings.put("POSTHASTE_SEND_MAX_IN_FLIGHT_PER_HOST", "4");
        try (Receiver hanging = Receiver.start().usually(request -> Answer.never())) {
            settings.merge("POSTHASTE_SEND_ALLOW_ADDRESSES", "127.0.0.1/32:" + hanging.port(), (a, b) -> a + "," + b);
            start();
            for (int i = 0; i < 40; i++) {
                enqueue("stuck-" + i, "stuck", hanging.url("/"), "{}", "x");
            }
            hanging.takeRequest();
            enqueue("job-1", "{}", "x");

            assertThat(receiver.takeRequest().header("X-CIO-Delivery-ID")).isEqualTo("job-1");
        }
    }

    @Test
    void goesOnAfterRedisWasKilledAndItsScriptsAreGone() {
        start();
        enqueue("job-1", "{}", "x");
        awaitEvents("job-1", "sent");

        redis.restart();
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> enqueue("job-2", "{}", "x") != null);

        awaitEvents("job-2", "sent");
    }

    @Test
    void whatWasNotSentWhenStoppedIsSentByTheNext() {
        receiver.usually(request -> Answer.never());
        settings.put("POSTHASTE_SEND_MAX_IN_FLIGHT", "1");
        settings.put("POSTHASTE_QUEUE_DRAIN_TIMEOUT", "100ms");
        start();
        enqueue("held-up", "{}", "x");
        receiver.takeRequest();
        enqueue("waiting", "{}", "x");
        stopGateway();
        receiver.usually(request -> Answer.of(200));

        start();
        awaitEvents("waiting", "sent");
        awaitEvents("held-up", "attempted", "sent");
    }

    private void start() {
        gateway =
                Gateway.start(ConfigLoader.load(null, settings), "test", Objects.requireNonNull(System.getenv("PATH")));
    }

    private void stopGateway() {
        if (gateway != null) {
            gateway.close();
        }
    }

    private String enqueue(String id, String data, String body) {
        return enqueue(id, "lane", receiver.url("/hook"), data, body);
    }

    private String enqueue(String id, String lane, String url, String data, String body) {
        String request = "{\"url\":\"" + url + "\",\"headers\":[],\"body\":\"" + body + "\"}";
        return commands.xadd(INBOX, Map.of("v", "1", "id", id, "request", request, "lane", lane, "data", data));
    }

    private void awaitEvents(String id, String... events) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(events(id)).containsExactly(events));
    }

    private List<String> events(String id) {
        return commands.xrange(RESULTS, Range.unbounded()).stream()
                .map(StreamMessage::getBody)
                .filter(result -> id.equals(result.get("id")))
                .map(result -> result.get("event"))
                .toList();
    }
}
