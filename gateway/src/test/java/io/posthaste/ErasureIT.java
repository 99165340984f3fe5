package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.Range;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.posthaste.cli.ApiClient;
import io.posthaste.redis.RedisKeys;
import io.posthaste.testing.Receiver.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After a person was erased everywhere, nothing in Redis tells of them. */
class ErasureIT {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final String EMAIL = "zoe.unique@example.com";
    private static final String PERSON = "person-7741";

    private final TestGateway gateway = new TestGateway().with("REDIS_SHARDS", "2");
    private ApiClient api;

    @BeforeEach
    void start() {
        api = gateway.start().api();
        put("hook", "automatic");
        put("reviewed", "draft");
        api.put("/v1/people/" + PERSON, "{\"email\":\"" + EMAIL + "\"}");
        api.put("/v1/reporting-webhooks/ops", "{\"url\":\"http://127.0.0.1:1025/\"}");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void nothingInRedisTellsOfAPersonWhoWasErased() {
        gateway.receiver.usually(request -> Answer.of(200, "{\"seen\":\"" + EMAIL + "\"}"));
        enqueue("sent", "hook", "");
        ended("sent", "sent");
        gateway.receiver.usually(request -> Answer.of(404, "no " + EMAIL));
        enqueue("failed", "hook", "");
        ended("failed", "failed");
        enqueue("draft", "reviewed", "");
        ended("draft", "drafted");
        enqueue("later", "hook", ",\"at\":\"2027-01-01T00:00:00Z\"");
        enqueue("cancelled", "hook", ",\"at\":\"2027-01-01T00:00:00Z\"");
        await().atMost(WAIT)
                .until(() ->
                        state("cancelled").equals("queued") && state("later").equals("queued"));
        api.post("/v1/deliveries/cancelled/cancel", "");
        gateway.commands.xadd(
                new RedisKeys(gateway.commands.hget("posthaste:meta", "tags").split(",")[0]).inbox(),
                Map.of("v", "9", "id", "x", "data", "{\"customer\":{\"id\":\"" + PERSON + "\"}}"));
        await().atMost(WAIT)
                .until(() -> api.get("/v1/quarantine").path("quarantine").size() == 1);
        assertThat(traces()).isNotEmpty();

        JsonNode erased = api.delete("/v1/people/" + PERSON + "?everywhere=1");

        assertThat(traces()).isEmpty();
        assertThat(erased.path("person").asBoolean()).isTrue();
        assertThat(erased.path("cancelled").asInt()).isEqualTo(3);
        assertThat(erased.path("records").asInt()).isEqualTo(5);
        assertThat(erased.path("requests").asInt()).isEqualTo(1);
        assertThat(erased.path("results").asInt()).isEqualTo(1);
        assertThat(erased.path("quarantined").asInt()).isEqualTo(1);
        assertThat(erased.path("under_way").asInt()).isZero();
    }

    @Test
    void othersKeepWhatIsTheirs() {
        gateway.receiver.usually(request -> Answer.of(200));
        enqueue("sent", "hook", "");
        ended("sent", "sent");
        api.post(
                "/v1/deliveries",
                "{\"id\":\"other\",\"action\":\"hook\",\"data\":{\"customer\":{\"id\":\"1\",\"email\":\"a@b.example\"}}}");
        ended("other", "sent");

        api.delete("/v1/people/" + PERSON + "?everywhere=1");

        assertThat(state("other")).isEqualTo("sent");
        assertThat(api.post("/v1/deliveries/other/resend", "").path("state").asText())
                .isNotEmpty();
        assertThatThrownBy(() -> api.get("/v1/deliveries/sent")).isInstanceOf(ApiClient.Refused.class);
    }

    @Test
    void whatIsInFlightIsToldOfAndGoesTheNextTime() {
        CompletableFuture<Void> released = new CompletableFuture<>();
        gateway.receiver.usually(request -> Answer.of(503).after(released));
        enqueue("flying", "hook", "");
        await().atMost(WAIT).until(() -> gateway.receiver.requestCount() == 1);

        assertThat(api.delete("/v1/people/" + PERSON + "?everywhere=1")
                        .path("under_way")
                        .asInt())
                .isEqualTo(1);
        released.complete(null);
        await().atMost(WAIT).until(() -> state("flying").equals("cancelled"));
        JsonNode again = api.delete("/v1/people/" + PERSON + "?everywhere=1");

        assertThat(again.path("under_way").asInt()).isZero();
        assertThat(traces()).isEmpty();
    }

    /** Every key whose bytes hold the person's id or e-mail, however they are packed. */
    private List<String> traces() {
        List<String> traces = new ArrayList<>();
        try (StatefulRedisConnection<byte[], byte[]> raw = gateway.client.connect(ByteArrayCodec.INSTANCE)) {
            for (byte[] key : raw.sync().keys("*")) {
                String name = text(key);
                String all = name + text(raw.sync().dump(key)) + everything(name);
                if (all.contains(PERSON) || all.contains(EMAIL)) {
                    traces.add(name);
                }
            }
        }
        return traces;
    }

    /** A dump may be compressed. */
    private String everything(String key) {
        return switch (gateway.commands.type(key)) {
            case "string" -> gateway.commands.get(key);
            case "list" -> gateway.commands.lrange(key, 0, -1).toString();
            case "hash" -> gateway.commands.hgetall(key).toString();
            case "set" -> gateway.commands.smembers(key).toString();
            case "zset" -> gateway.commands.zrange(key, 0, -1).toString();
            case "stream" -> gateway.commands.xrange(key, Range.unbounded()).toString();
            default -> "";
        };
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void put(String id, String sending) {
        api.put("/v1/actions/" + id, """
                {"name":"a","method":"POST","url":"%s","body":"{\\"to\\":{{customer.email | to_json}}}","sending":"%s",
                 "response_attributes":[{"attribute":"seen","template":"{{response.seen}}"}]}""".formatted(gateway.receiver.url("/"), sending));
    }

    private void enqueue(String id, String action, String more) {
        api.post("/v1/deliveries", """
                {"id":"%s","action":"%s","data":{"customer":{"id":"%s","email":"%s"}}%s}""".formatted(id, action, PERSON, EMAIL, more));
    }

    private String state(String id) {
        return api.get("/v1/deliveries/" + id).path("state").asText();
    }

    private void ended(String id, String state) {
        await().atMost(WAIT).until(() -> state(id).equals(state));
    }
}
