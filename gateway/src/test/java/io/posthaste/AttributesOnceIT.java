package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.codec.ByteArrayCodec;
import io.posthaste.testing.Receiver.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each answer sets its attributes exactly once, whatever breaks and however many gateways there are. */
class AttributesOnceIT extends AttributesCase {
    @Test
    void hundredsOfAnswersAtTheSameTimeAllCountAlsoInTwoGateways() {
        gateway.start();
        receiver.usually(request -> Answer.of(200, "{\"amount\":20}"));
        save("pay", "{}", Map.of("lifetime_value", INCREMENT));
        int jobs = 400;

        for (int i = 0; i < jobs; i++) {
            enqueue("job-" + i, "pay", "{\"customer_id\":\"1007\"}");
        }

        await().atMost(PATIENCE).until(() -> terminal().size() == jobs);
        assertThat(stored("lifetime_value")).isEqualTo("" + 20 * jobs);
        assertThat(told())
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, jobs)
                        .mapToObj(n -> "{\"lifetime_value\":" + 20 * n + "}")
                        .toList());
    }

    /** M73: the answer came, and Redis was killed before it heard of it. */
    @Test
    void aKilledRedisNeitherLosesNorRepeatsAnUpdate() {
        CompletableFuture<String> released = new CompletableFuture<>();
        receiver.usually(request -> Answer.of(200, "{\"amount\":20}").after(released));
        save("pay", "{}", Map.of("lifetime_value", INCREMENT));
        for (int i = 0; i < 50; i++) {
            enqueue("job-" + i, "pay", "{\"customer_id\":\"1007\"}");
        }
        receiver.takeRequest();

        gateway.redis.kill();
        released.complete("now");
        gateway.redis.restart();

        await().atMost(Duration.ofSeconds(90))
                .ignoreExceptions()
                .until(() -> terminal().size() == 50);
        assertThat(stored("lifetime_value")).isEqualTo("1000");
    }

    /** M23, M73: a re-send of what was sent before and set its attributes then, as its state tells. */
    @Test
    void aDeliveryThatSetItsAttributesBeforeDoesNotSetThemAgain() {
        receiver.answers(404).usually(request -> Answer.of(200, "{\"amount\":20}"));
        save("pay", "{}", Map.of("lifetime_value", INCREMENT));
        person("{\"lifetime_value\":1}");
        enqueue("job-1", "pay", "{\"customer_id\":\"1007\"}");
        await().atMost(PATIENCE).until(() -> terminal().size() == 1);
        markAsSet();

        api.post("/v1/deliveries/job-1/resend", "");

        assertThat(sent("job-1")).containsEntry("reason", "").doesNotContainKey("attributes");
        assertThat(stored("lifetime_value")).isEqualTo("1");
        assertThat(api.get("/v1/deliveries/job-1").path("attribute_update").asText())
                .isEqualTo("set");
    }

    /** What re-sending a sent delivery brings along; the layout is {@code writeState} in state.lua. */
    private void markAsSet() {
        try (var connection = gateway.client.connect(ByteArrayCodec.INSTANCE)) {
            byte[] states = TestGateway.KEYS.state().getBytes(StandardCharsets.UTF_8);
            connection.sync().hgetall(states).forEach((entry, state) -> {
                state[4] |= 16;
                connection.sync().hset(states, entry, state);
            });
        }
    }

    /** M64, M65: whatever happens, one event ends the wait for a delivery. */
    @Test
    void everyDeliveryEndsInExactlyOneTerminalEvent() {
        receiver.usually(request -> answerTo(request.text()));
        save("a", "{{ event.n }}", Map.of("n", "{{ response.n }}"));
        save("off", "x", Map.of("n", "{{ response.n }}"), ",\"sending\":\"off\"");
        save("abort", "{% abort_message \"no\" %}", Map.of("n", "{{ response.n }}"));
        for (String n : List.of("200", "broken", "404", "301", "500", "never-missing")) {
            enqueue("answer-" + n, "a", "{\"customer_id\":\"1007\",\"event\":{\"n\":\"" + n + "\"}}");
        }
        enqueue("unrenderable", "a", "{\"customer_id\":\"1007\",\"event\":{}}");
        enqueue("unknown-action", "nope", "{}");
        enqueue("switched-off", "off", "{}");
        enqueue("aborted", "abort", "{}");
        gateway.enqueue("cancelled", "action", "a", "data", "{}", "at", "" + (System.currentTimeMillis() + 3_600_000));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> api.post("/v1/deliveries/cancelled/cancel", "")
                        .path("state")
                        .asText()
                        .equals("cancelled"));

        await().atMost(PATIENCE).until(() -> terminal().size() >= 11);

        assertThat(terminal())
                .containsExactlyInAnyOrder(
                        "answer-200 sent",
                        "answer-broken sent",
                        "answer-never-missing sent",
                        "answer-404 failed",
                        "answer-301 failed",
                        "answer-500 failed",
                        "unrenderable failed",
                        "unknown-action failed",
                        "switched-off skipped",
                        "aborted aborted",
                        "cancelled cancelled");
        assertThat(told()).containsExactly("{\"n\":1}");
    }

    private static Answer answerTo(String n) {
        return switch (n) {
            case "200" -> Answer.of(200, "{\"n\":1}");
            case "broken" -> Answer.of(200, "{\"n\":");
            case "404", "301", "500" -> Answer.of(Integer.parseInt(n), "{\"n\":9}");
            default -> Answer.of(204);
        };
    }

    private List<String> told() {
        return gateway.results().stream()
                .filter(event -> event.containsKey("attributes"))
                .map(event -> event.get("attributes"))
                .toList();
    }
}
