package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.testing.Receiver.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers set on people, through the whole gateway: M64, M68 to M77. */
class AttributesIT extends AttributesCase {
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
}
