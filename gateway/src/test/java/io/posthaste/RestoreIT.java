package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.posthaste.boot.Gateway;
import io.posthaste.cli.ApiClient;
import io.posthaste.config.ConfigLoader;
import io.posthaste.testing.Receiver.Answer;
import io.posthaste.testing.RedisServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code docs/moving.md} says: a copy of Redis' files is everything, and a keyspace moves while producers go on. */
class RestoreIT {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final TestGateway gateway = new TestGateway();
    private ApiClient api;

    @BeforeEach
    void start() {
        api = gateway.start().api();
        api.put("/v1/secrets/token", "{\"value\":\"s3cr3t-value\"}");
        api.put("/v1/people/1007", "{\"name\":\"Ada\"}");
        put("hook", "automatic");
        put("reviewed", "draft");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void theAppendOnlyFileIsEverything() {
        fill();

        try (RedisServer copy = gateway.redis.copied()) {
            on(copy, this::isAllThere);
        }
    }

    @Test
    void aSnapshotIsEverythingUntilItWasMade() {
        fill();
        gateway.commands.save();

        try (RedisServer copy = gateway.redis.copied("--appendonly", "no")) {
            on(copy, this::isAllThere);
        }
    }

    @Test
    void aKeyspaceMovesByAReplicaAndNothingIsSentTwice() {
        gateway.receiver.usually(request -> Answer.of(200));
        List<String> ids = IntStream.range(0, 200).mapToObj(i -> "m-" + i).toList();
        try (RedisServer other = RedisServer.start();
                RedisClient client = RedisClient.create(other.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().replicaof("127.0.0.1", gateway.redis.port());
            ids.subList(0, 100).forEach(id -> enqueue(id, "hook", ""));
            await().atMost(WAIT)
                    .until(() -> connection.sync().info("replication").contains("master_link_status:up"));
            gateway.stop();
            // What producers write meanwhile waits in the old one, and goes along.
            ids.subList(100, 200)
                    .forEach(id -> gateway.enqueue(id, "action", "hook", "data", "{\"customer\":{\"id\":\"1007\"}}"));
            gateway.commands.waitForReplication(1, 10_000);
            connection.sync().replicaofNoOne();

            on(
                    other,
                    moved -> await().atMost(WAIT)
                            .until(() -> moved.get("/v1/deliveries?state=sent&limit=500")
                                            .path("deliveries")
                                            .size()
                                    == ids.size()));
        }
        assertThat(gateway.receiver.requestCount()).isEqualTo(200);
    }

    private void fill() {
        gateway.receiver.usually(request -> Answer.of(200));
        enqueue("sent", "hook", "");
        assertThat(ended(api, "sent")).isEqualTo("sent");
        gateway.receiver.usually(request -> Answer.of(404));
        enqueue("failed", "hook", "");
        assertThat(ended(api, "failed")).isEqualTo("failed");
        enqueue("draft", "reviewed", "");
        assertThat(ended(api, "draft")).isEqualTo("drafted");
        enqueue("later", "hook", ",\"at\":\"2027-01-01T00:00:00Z\"");
        assertThat(ended(api, "later")).isEqualTo("queued");
        gateway.receiver.usually(request -> Answer.of(200));
    }

    private void isAllThere(ApiClient restored) {
        assertThat(restored.get("/v1/people/1007").path("name").asText()).isEqualTo("Ada");
        assertThat(ended(restored, "sent")).isEqualTo("sent");
        assertThat(ended(restored, "later")).isEqualTo("queued");
        restored.post("/v1/deliveries/failed/resend", "");
        restored.post("/v1/drafts/draft/send", "");
        await().atMost(WAIT).until(() -> state(restored, "failed").equals("sent"));
        await().atMost(WAIT).until(() -> state(restored, "draft").equals("sent"));
        assertThat(restored.post("/v1/deliveries/later/cancel", "")
                        .path("state")
                        .asText())
                .isEqualTo("cancelled");
    }

    /** A gateway with the same keys on another Redis. */
    private void on(RedisServer redis, Consumer<ApiClient> then) {
        Map<String, String> environment = new HashMap<>(gateway.environment());
        environment.put("POSTHASTE_REDIS_URI", redis.uri());
        try (Gateway other = Gateway.start(ConfigLoader.load(null, environment), TestGateway.VERSION, Map.of())) {
            then.accept(new ApiClient("http://127.0.0.1:" + other.address().getPort(), TestGateway.TOKEN));
        }
    }

    private void put(String id, String sending) {
        api.put("/v1/actions/" + id, """
                {"url":"%s","headers":[{"name":"X-Token","value":"{{secrets.token}}"}],"body":"{}","sending":"%s",
                 "retry":{"timeout_ms":1000,"delays_ms":[],"statuses":[]}}""".formatted(gateway.receiver.url("/"), sending));
    }

    private void enqueue(String id, String action, String more) {
        api.post("/v1/deliveries", """
                {"id":"%s","action":"%s","data":{"customer_id":"1007"}%s}""".formatted(id, action, more));
    }

    private static String state(ApiClient at, String id) {
        JsonNode delivery = at.get("/v1/deliveries/" + id);
        return delivery.path("state").asText();
    }

    /** Once it rests. */
    private static String ended(ApiClient at, String id) {
        await().atMost(WAIT).until(() -> !List.of("sending", "retrying").contains(state(at, id)));
        if (!id.equals("later")) {
            await().atMost(WAIT).until(() -> !state(at, id).equals("queued"));
        }
        return state(at, id);
    }
}
