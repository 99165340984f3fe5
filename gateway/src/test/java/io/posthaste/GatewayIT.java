package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import io.posthaste.testing.Receiver.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The whole gateway against a real Redis and a real receiver: what a producer and a receiver see. */
class GatewayIT {
    @AutoClose
    private final TestGateway gateway = new TestGateway().with("TIME_SCALE", "100");

    private final Receiver receiver = gateway.receiver;

    @Test
    void deliversWhatAProducerAdds() {
        gateway.start();
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
        gateway.start();
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
        gateway.start();
        enqueue("job-1", "{}", "x");

        awaitEvents("job-1", "failed");
        assertThat(receiver.requestCount()).isEqualTo(1);
    }

    @Test
    void anUnknownActionFailsAndNothingIsSent() {
        gateway.start();
        gateway.enqueue("job-1", "action", "nope", "data", "{}");

        awaitEvents("job-1", "failed");
        assertThat(receiver.requestCount()).isZero();
    }

    @Test
    void anIdleGatewayDoesNotWaitForItsPoll() {
        gateway.with("QUEUE_IDLE_POLL", "1s");
        gateway.start();
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
        gateway.start();
        gateway.commands.hset("posthaste:{0}:lane-limits", "lane", ",,,,,1000");
        String retry = "{\"timeout_ms\":20000,\"delays_ms\":[1000],\"statuses\":[\"5xx\"]}";
        String request =
                "{\"url\":\"" + receiver.url("/") + "\",\"headers\":[],\"body\":\"x\",\"retry\":" + retry + "}";
        gateway.enqueue("job-1", "request", request, "lane", "lane", "data", "{}");

        awaitEvents("job-1", "sent");
        assertThat(gateway.commands.hget("posthaste:{0}:lane-limits", "lane")).isEqualTo(",,,,,20000");
    }

    @Test
    void aReceiverThatHangsLeavesOthersAlone() {
        gateway.with("SEND_MAX_IN_FLIGHT", "8");
        gateway.with("SEND_MAX_IN_FLIGHT_PER_HOST", "4");
        try (Receiver hanging = Receiver.start().usually(request -> Answer.never())) {
            gateway.start();
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
        gateway.start();
        enqueue("job-1", "{}", "x");
        awaitEvents("job-1", "sent");

        gateway.redis.restart();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThatCode(() -> enqueue("job-2", "{}", "x")).doesNotThrowAnyException());

        awaitEvents("job-2", "sent");
    }

    @Test
    void whatWasNotSentWhenStoppedIsSentByTheNext() {
        receiver.usually(request -> Answer.never());
        gateway.with("SEND_MAX_IN_FLIGHT", "1");
        gateway.with("QUEUE_DRAIN_TIMEOUT", "100ms");
        gateway.start();
        enqueue("held-up", "{}", "x");
        receiver.takeRequest();
        enqueue("waiting", "{}", "x");
        gateway.stop();
        receiver.usually(request -> Answer.of(200));

        gateway.start();
        awaitEvents("waiting", "sent");
        awaitEvents("held-up", "attempted", "sent");
    }

    private void enqueue(String id, String data, String body) {
        enqueue(id, "lane", receiver.url("/hook"), data, body);
    }

    private void enqueue(String id, String lane, String url, String data, String body) {
        String request = "{\"url\":\"" + url + "\",\"headers\":[],\"body\":\"" + body + "\"}";
        gateway.enqueue(id, "request", request, "lane", lane, "data", data);
    }

    private void awaitEvents(String id, String... events) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(gateway.results(id))
                        .extracting(result -> result.get("event"))
                        .containsExactly(events));
    }
}
