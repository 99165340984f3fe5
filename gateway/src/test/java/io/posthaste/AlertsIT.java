package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is wrong for long is told once, by one of two gateways. */
class AlertsIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final TestGateway gateway = new TestGateway().with("ALERTS_FAILING_ATTEMPTS", "5");
    private final Receiver reports = Receiver.start();

    @AfterEach
    void stop() {
        gateway.close();
        reports.close();
    }

    @Test
    void aLaneThatFailsAndRecoversIsToldOfOnceEach() {
        ApiClient api = startTwo();
        gateway.receiver.usually(request -> Answer.of(404));
        send(api, 5);
        await().atMost(WAIT).until(() -> told().contains("lane lane_failing hook"));
        await().atMost(WAIT).until(() -> alerts(api).contains("lane_failing hook"));

        gateway.receiver.usually(request -> Answer.of(200));
        send(api, 40);
        await().atMost(WAIT).until(() -> told().contains("lane lane_recovered hook"));

        assertThat(told()).containsExactly("lane lane_failing hook", "lane lane_recovered hook");
        await().atMost(WAIT).until(() -> alerts(api).isEmpty());
    }

    @Test
    void aLaneThatSomebodyPausesIsToldOfOnce() {
        ApiClient api = startTwo();
        api.post("/v1/actions/hook/pause", "");
        await().atMost(WAIT).until(() -> told().contains("lane lane_paused hook"));
        await().atMost(WAIT).until(() -> alerts(api).equals(List.of("lane_paused hook")));
        api.post("/v1/actions/hook/resume", "");
        await().atMost(WAIT).until(() -> alerts(api).isEmpty());

        api.post("/v1/actions/hook/pause", "");
        await().atMost(WAIT).until(() -> told().size() == 2);
        assertThat(told()).containsOnly("lane lane_paused hook");
    }

    @Test
    void aLaneThatBringsNothingButFailuresForTooLongIsPausedAndKeepsItsBacklog() {
        gateway.with("ALERTS_PAUSE_FAILING", "1m").with("TIME_SCALE", "1000");
        ApiClient api = startTwo();
        gateway.receiver.usually(request -> Answer.of(404));
        send(api, 3);
        // As if it had failed since yesterday.
        await().atMost(WAIT).until(() -> gateway.commands.hget("posthaste:{0}:failing-since", "hook") != null);
        gateway.commands.hset("posthaste:{0}:failing-since", "hook", "1700000000000");
        send(api, 3);

        await().atMost(WAIT).until(() -> told().contains("lane lane_paused hook"));
        JsonNode lane = api.get("/v1/stats").path("lanes").path(0);
        assertThat(lane.path("paused").asBoolean()).isTrue();
        assertThat(lane.path("paused_because").asText()).isEqualTo("nothing but failures since 2023-11-14T22:13:20Z");
        assertThat(gateway.commands.hget("posthaste:{0}:failing-since", "hook")).isNotEqualTo("1700000000000");
    }

    private ApiClient startTwo() {
        ApiClient api = gateway.start().start().api();
        api.put("/v1/actions/hook", """
                {"name":"a","method":"POST","url":"%s","body":"{}"}""".formatted(gateway.receiver.url("/")));
        api.put("/v1/reporting-webhooks/ops", """
                {"url":"%s","metrics":["lane_paused","lane_failing","lane_recovered","backlog_old"]}""".formatted(reports.url("/")));
        return api;
    }

    private static void send(ApiClient api, int count) {
        for (int i = 0; i < count; i++) {
            api.post("/v1/deliveries", "{\"action\":\"hook\",\"data\":{\"customer\":{\"id\":\"1\"}}}");
        }
    }

    private static List<String> alerts(ApiClient api) {
        return StreamSupport.stream(api.get("/v1/stats").path("alerts").spliterator(), false)
                .map(alert -> alert.path("kind").asText() + " "
                        + alert.path("subject").asText())
                .toList();
    }

    private final List<String> heard = new ArrayList<>();

    private List<String> told() {
        while (heard.size() < reports.requestCount()) {
            try {
                JsonNode event = JSON.readTree(reports.takeRequest().body());
                heard.add(event.path("object_type").asText() + " "
                        + event.path("metric").asText() + " "
                        + event.path("data").path("action_id").asText());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return heard;
    }
}
