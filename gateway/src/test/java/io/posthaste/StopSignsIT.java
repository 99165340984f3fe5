package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.Receiver.Answer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Receivers that say stop, and are heard as the action says. */
class StopSignsIT {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final TestGateway gateway =
            new TestGateway().with("REDIS_SHARDS", "2").with("TIME_SCALE", "100000");
    private ApiClient api;

    @BeforeEach
    void start() {
        api = gateway.start().api();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void goneEndsTheDeliveryUnlessTheActionSaysOtherwise() {
        gateway.receiver.usually(request -> Answer.of(410));
        put("ends", "fail");
        enqueue("a", "ends");

        assertThat(ended("a").path("reason").asText()).startsWith("HTTP 410");
        assertThat(lane("ends").path("paused").asBoolean()).isFalse();
    }

    @Test
    void goneHoldsTheLaneAndAllThatWaitsUntilItIsResumed() {
        gateway.receiver.usually(request -> Answer.of(410));
        put("holds", "pause");
        enqueue("a", "holds");
        await().atMost(WAIT).until(() -> lane("holds").path("paused").asBoolean());
        assertThat(lane("holds").path("paused_because").asText()).isEqualTo("the receiver answered 410");
        int before = gateway.receiver.requestCount();
        enqueue("b", "holds");
        await().atMost(WAIT).until(() -> lane("holds").path("waiting").asInt() == 2);
        assertThat(gateway.receiver.requestCount()).isEqualTo(before);

        gateway.receiver.usually(request -> Answer.of(200));
        api.post("/v1/actions/holds/resume", "");

        assertThat(ended("a").path("state").asText()).isEqualTo("sent");
        assertThat(ended("b").path("state").asText()).isEqualTo("sent");
        await().atMost(WAIT)
                .until(() -> lane("holds").path("paused_because").asText().isEmpty());
    }

    @Test
    void aReceiverThatNamesATimeIsLeftAloneForThatLong() {
        gateway.receiver.usually(request -> Answer.of(503).with("webhook-delivery", "resume-after=2"));
        put("rests", "pause");
        enqueue("a", "rests");
        await().atMost(WAIT).until(() -> lane("rests").path("paused").asBoolean());
        int before = gateway.receiver.requestCount();
        gateway.receiver.usually(request -> Answer.of(200));

        assertThat(ended("a").path("state").asText()).isEqualTo("sent");
        assertThat(gateway.receiver.requestCount()).isEqualTo(before + 1);
    }

    @Test
    void abortEndsTheDeliveryWhateverIsLeftOfItsRetries() {
        gateway.receiver.usually(request -> Answer.of(503).with("Webhook-Delivery", "abort"));
        put("aborts", "pause");
        enqueue("a", "aborts");

        JsonNode ended = ended("a");
        assertThat(ended.path("state").asText()).isEqualTo("failed");
        assertThat(ended.path("reason").asText()).isEqualTo("HTTP 503 (the receiver said abort)");
        assertThat(ended.path("attempts").size()).isEqualTo(1);
    }

    @Test
    void aSuccessThatSaysPauseIsASuccess() {
        gateway.receiver.usually(request -> Answer.of(200).with("webhook-delivery", "pause"));
        put("last", "pause");
        enqueue("a", "last");

        assertThat(ended("a").path("state").asText()).isEqualTo("sent");
        assertThat(lane("last").path("paused_because").asText()).isEqualTo("the receiver said pause");
    }

    private void put(String id, String onGone) {
        api.put("/v1/actions/" + id, """
                {"name":"a","method":"POST","url":"%s","body":"{}","on_gone":"%s"}""".formatted(gateway.receiver.url("/"), onGone));
    }

    private void enqueue(String id, String action) {
        api.post("/v1/deliveries", """
                {"id":"%s","action":"%s","data":{"customer":{"id":"1"}}}""".formatted(id, action));
    }

    private JsonNode ended(String id) {
        await().atMost(WAIT)
                .until(() ->
                        api.get("/v1/deliveries/" + id).path("state").asText().matches("sent|failed"));
        return api.get("/v1/deliveries/" + id);
    }

    private JsonNode lane(String name) {
        for (JsonNode lane : api.get("/v1/stats").path("lanes")) {
            if (lane.path("name").asText().equals(name)) {
                return lane;
            }
        }
        return MissingNode.getInstance();
    }
}
