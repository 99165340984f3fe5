package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.codec.ByteArrayCodec;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers set on people, through the whole gateway: M64, M68 to M77. */
class AttributesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String INCREMENT = "{{ customer.lifetime_value | default: 0 | plus: response.amount }}";

    @AutoClose
    private final TestGateway gateway =
            new TestGateway().with("TIME_SCALE", "1000").start();

    private final Receiver receiver = gateway.receiver;
    private final ApiClient api = gateway.api();

    /** M71. */
    @Test
    void theLeadIdOfTheAnswerBecomesAnAttribute() {
        receiver.answers(Answer.of(201, "{\"lead_id\":\"lead_8Yx\",\"status\":\"new\"}"));
        save("lead", "{}", Map.of("lead_id", "{{response.lead_id}}"));
        person("{\"name\":\"Ada\"}");

        enqueue("job-1", "lead", "{\"customer\":{\"id\":\"1007\"}}");

        assertThat(sent("job-1"))
                .containsEntry("attributes", "{\"lead_id\":\"lead_8Yx\"}")
                .containsEntry("reason", "");
        assertThat(api.get("/v1/people/1007").toString())
                .isEqualTo("{\"id\":\"1007\",\"name\":\"Ada\",\"lead_id\":\"lead_8Yx\"}");
        assertThat(api.get("/v1/deliveries/job-1").path("attribute_update").asText())
                .isEqualTo("set");
    }

    /** M72: the person as stored when the answer comes, not as the job brought them. */
    @Test
    void anIncrementCountsFromWhatIsStoredByThen() {
        CompletableFuture<String> released = new CompletableFuture<>();
        receiver.answers(Answer.of(200, "{\"amount\":20}").after(released));
        save("pay", "{}", Map.of("lifetime_value", INCREMENT));
        enqueue("job-1", "pay", "{\"customer\":{\"id\":\"1007\",\"lifetime_value\":1}}");
        receiver.takeRequest();

        person("{\"lifetime_value\":\"100.5\"}");
        released.complete("now");

        assertThat(sent("job-1")).containsEntry("attributes", "{\"lifetime_value\":120.5}");
        assertThat(stored("lifetime_value")).isEqualTo("120.5");
    }

    @Test
    void whatIsNotStoredComesFromTheJob() {
        receiver.usually(request -> Answer.of(200, "{\"amount\":20}"));
        save("pay", "{}", Map.of("lifetime_value", INCREMENT));

        enqueue("job-1", "pay", "{\"customer\":{\"id\":\"1007\",\"lifetime_value\":5}}");
        sent("job-1");
        enqueue("job-2", "pay", "{\"customer\":{\"id\":\"1007\",\"lifetime_value\":5}}");
        sent("job-2");

        assertThat(stored("lifetime_value")).isEqualTo("45");
    }

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

    /** M74. */
    @Test
    void oneThatFailsSetsNothingAndTheDeliveryStaysSent() {
        receiver.answers(Answer.of(200, "{\"a\":1}"));
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("a", "{{ response.a }}");
        attributes.put("b", "{{ response.b }}");
        save("both", "{}", attributes);
        person("{\"name\":\"Ada\"}");

        enqueue("job-1", "both", "{\"customer_id\":\"1007\"}");

        String why = "attribute b: Variable 'response.b' is missing";
        assertThat(sent("job-1"))
                .containsEntry("attribute_update", "failed")
                .containsEntry("reason", why)
                .doesNotContainKey("attributes");
        assertThat(api.get("/v1/people/1007").toString()).isEqualTo("{\"id\":\"1007\",\"name\":\"Ada\"}");
        JsonNode delivery = api.get("/v1/deliveries/job-1");
        assertThat(delivery.path("state").asText()).isEqualTo("sent");
        assertThat(delivery.path("attribute_update").asText()).isEqualTo("failed");
        assertThat(delivery.path("reason").asText()).isEqualTo(why);
    }

    /** M47. */
    @Test
    void withoutAPersonNothingIsSetAndThatIsSaid() {
        receiver.answers(Answer.of(200, "{\"a\":1}"));
        save("a", "{}", Map.of("a", "{{ response.a }}"));

        enqueue("job-1", "a", "{\"trigger\":{}}");

        assertThat(sent("job-1")).containsEntry("reason", "the data name no person: give customer_id or customer.id");
    }

    @Test
    void attributesOfTheJourneyGoToTheStreamOnly() {
        receiver.answers(Answer.of(200, "{\"stage\":\"won\"}"));
        save("a", "{}", Map.of("journey.stage", "{{ response.stage }}"));

        enqueue("job-1", "a", "{\"customer_id\":\"1007\"}");

        assertThat(sent("job-1")).containsEntry("attributes", "{\"journey.stage\":\"won\"}");
        assertThat(gateway.commands.exists(TestGateway.KEYS.person("1007"))).isZero();
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

    /** A job that only names its person. */
    @Test
    void theStoreHasTheRestOfAPersonWhomAJobOnlyNames() {
        save("greet", "Hi {{ customer.name }} ({{ customer.id }}, {{ customer.spent }})", Map.of());
        person("{\"name\":\"Ada\",\"spent\":19.90}");

        enqueue("job-1", "greet", "{\"customer_id\":\"1007\"}");
        enqueue("job-2", "greet", "{\"customer_id\":\"nobody\"}");

        assertThat(receiver.takeRequest().text()).isEqualTo("Hi Ada (1007, 19.90)");
        await().atMost(PATIENCE).until(() -> terminal().size() == 2);
        assertThat(gateway.told("job-2", "failed"))
                .containsEntry("reason", "unknown person: nobody is stored under this customer_id");
    }

    /** What somebody else wrote over a person's record: no delivery is repeated for it, and none ends as a crash loop. */
    @ParameterizedTest
    @ValueSource(strings = {"list", "version", "attributes", "halves"})
    void aDamagedRecordOfAPersonIsNamedAtOnce(String damage) {
        save("greet", "Hi {{ customer.name }}", Map.of());
        save("pay", "{}", Map.of("paid", "{{ response.amount }}"));
        receiver.usually(request -> Answer.of(200, "{\"amount\":20}"));
        person("{\"name\":\"Ada\"}");
        String key = TestGateway.KEYS.person("1007");
        switch (damage) {
            case "list" -> {
                gateway.commands.del(key);
                gateway.commands.rpush(key, "somebody else's");
            }
            case "version" -> gateway.commands.hset(key, "version", "9e99");
            case "attributes" -> gateway.commands.hset(key, "attributes", "{\"name\":}");
            default -> gateway.commands.hdel(key, "attributes");
        }

        enqueue("job-1", "greet", "{\"customer_id\":\"1007\"}");
        enqueue("job-2", "pay", "{\"customer\":{\"id\":\"1007\"}}");

        Map<String, String> failed = gateway.told("job-1", "failed");
        assertThat(failed.get("reason"))
                .containsAnyOf(
                        "the record of person 1007 in Redis is damaged",
                        "what is stored of person 1007 cannot be used");
        assertThat(failed).containsEntry("attempt", "0");
        assertThat(sent("job-2").get("reason"))
                .containsAnyOf("the record of person 1007 in Redis is damaged", "cannot be used");
    }

    @Test
    void anActionWhoseKeyIsOfAnotherTypeFailsItsJobsAtOnce() {
        save("greet", "Hi", Map.of());
        gateway.commands.del("posthaste:{actions}:action:greet");
        gateway.commands.set("posthaste:{actions}:action:other", "somebody else's");

        enqueue("job-1", "other", "{}");

        assertThat(gateway.told("job-1", "failed").get("reason"))
                .isEqualTo(
                        "action cannot be used: the record of action other in Redis is damaged: its key is of another "
                                + "type; store it anew");
    }

    private void save(String action, String body, Map<String, String> attributes) {
        save(action, body, attributes, "");
    }

    private void save(String action, String body, Map<String, String> attributes, String more) {
        List<Map<String, String>> list = new ArrayList<>();
        attributes.forEach((name, template) -> list.add(Map.of("attribute", name, "template", template)));
        ObjectMapper json = new ObjectMapper();
        String definition = "{\"url\":\"" + receiver.url("/hook") + "\",\"headers\":[],\"body\":"
                + json.valueToTree(body) + ",\"response_attributes\":" + json.valueToTree(list) + more + "}";
        assertThat(api.put("/v1/actions/" + action, definition).path("id").asText())
                .isEqualTo(action);
    }

    private void person(String attributes) {
        api.put("/v1/people/1007", attributes);
    }

    private String stored(String attribute) {
        return api.get("/v1/people/1007").path(attribute).asText();
    }

    private void enqueue(String id, String action, String data) {
        gateway.enqueue(id, "action", action, "data", data);
    }

    private Map<String, String> sent(String id) {
        return gateway.told(id, "sent");
    }

    private List<String> terminal() {
        return gateway.results().stream()
                .filter(event -> !List.of("attempted", "drafted").contains(event.get("event")))
                .map(event -> event.get("id") + " " + event.get("event"))
                .toList();
    }

    private List<String> told() {
        return gateway.results().stream()
                .filter(event -> event.containsKey("attributes"))
                .map(event -> event.get("attributes"))
                .toList();
    }
}
