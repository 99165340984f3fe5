package io.posthaste.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.posthaste.job.Attempt;
import io.posthaste.job.Job;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.render.AttributeRenderer;
import io.posthaste.render.TemplateCache;
import io.posthaste.render.WebhookDialect;
import io.posthaste.send.Target;
import io.posthaste.store.reporting.ReportFeed;
import io.posthaste.store.reporting.ReportingWebhooks.Interest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** M63, M84: from a settled job to the event its receivers read. */
class ReportEventTest {
    private static final Outcome SENT =
            new Outcome.Delivered(new Attempt(1, 0, 200, 5, "", ""), request("https://api.example/"), false);
    private static final String DATA = """
            {"customer":{"id":"42","email":"win@customer.io","cio_id":"d9c1","plan":{"id":7}},
             "campaign":{"id":23,"name":"c"},"journey":{"id":"01GW"},"message":{"parent_action_id":30},
             "event_id":"01E4","event":{"id":"not this one"},"amount":[19.90]}""";

    @Test
    void anEventHasExactlyTheFieldsOfM84() throws Exception {
        byte[] details = details(Interest.EVENTS_WITH_CONTENT, DATA, request("https://u:p@api.example/x?y=1"), SENT);
        JsonNode event = event(entry("sent", "", "details", new String(details, UTF_8)), true);

        assertThat(event).isEqualTo(new JsonMapper().readTree("""
                {"event_id":"0-1700000000123-4","object_type":"webhook","metric":"sent","timestamp":1700000000,
                 "data":{"customer_id":"42","identifiers":{"id":"42","email":"win@customer.io","cio_id":"d9c1"},
                         "delivery_id":"job-1","action_id":"crm","campaign_id":23,"journey_id":"01GW",
                         "parent_action_id":30,"trigger_event_id":"01E4",
                         "recipient":"https://api.example/x?y=1","content":"{\\"a\\":1}"}}"""));
    }

    @Test
    void whatTheJobDoesNotSayIsNull() throws Exception {
        JsonNode event = event(entry("undeliverable", "cancelled", "data", "{}"), true);

        assertThat(event.path("data")).isEqualTo(new JsonMapper().readTree("""
                {"customer_id":null,"identifiers":{"id":null,"email":null,"cio_id":null},"delivery_id":"job-1",
                 "action_id":"crm","campaign_id":null,"journey_id":null,"parent_action_id":null,
                 "trigger_event_id":null,"failure_message":"cancelled"}"""));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            customer_id      | {"customer_id":"7"}                                | "7"
            customer_id      | {"customer":{"id":7},"customer_id":"8"}            | "8"
            customer_id      | {"customer":{"id":12345678901234567890}}           | 12345678901234567890
            customer_id      | {"customer":{"id":19.90}}                          | 19.90
            customer_id      | {"customer":{"id":{"a":1}}}                        | null
            customer_id      | {"customer":{"x":{"id":1},"id":2}}                 | 2
            customer_id      | {"customer":[{"id":1}]}                            | null
            journey_id       | {"message":{"journey_id":"j"}}                     | "j"
            trigger_event_id | {"trigger":{"event_id":"e"}}                       | "e"
            campaign_id      | {"campaign_id":5                                   | 5
            campaign_id      | [1]                                                | null
            """)
    void idsAreFoundInTheJobsDataAsTheyStandThere(String name, String data, String expected) {
        String details = new String(details(Interest.EVENTS, data, null, SENT), UTF_8);

        assertThat(details).contains("\"" + name + "\":" + expected);
        String sent = new String(new ReportEvent("0", entry("sent", "", "details", details)).json(false), UTF_8);
        assertThat(sent).contains("\"" + name + "\":" + expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"customer_id\":\"8\"}",
                "{\"customer\":{\"id\":\"7\"}}",
                "{\"customer\":{\"id\":\"7\"},\"customer_id\":\"8\"}",
                "{\"customer_id\":\"8\",\"customer\":{\"id\":\"7\"}}",
                "{\"customer_id\":null,\"customer\":{\"id\":\"7\"}}",
                "{\"customer\":{}}"
            })
    void aReportNamesThePersonWhomTheAnswerChanges(String data) throws Exception {
        String details = new String(details(Interest.EVENTS, data, null, SENT), UTF_8);
        TemplateCache templates = new TemplateCache(
                new Liquid(WebhookDialect.ofAnswers(Map.of()), Limits.DEFAULT, Instant::now, () -> 0, new Random(7)),
                1 << 20);
        Job job = Job.of("j", "a", data.getBytes(UTF_8), Job.Terms.of("j"), 0);

        String changed = new AttributeRenderer(templates, name -> null, Instant::now).personOf(job);

        assertThat(new JsonMapper().readTree(details).path("customer_id").textValue())
                .isEqualTo(changed);
    }

    @Test
    void contentIsOnlyForThoseWhoAskAndOnlyOfWhatWasSent() throws Exception {
        RenderedRequest request = request("https://api.example/");
        Outcome skipped = new Outcome.Skipped();
        String details = new String(details(Interest.EVENTS_WITH_CONTENT, "{}", request, SENT), UTF_8);

        assertThat(event(entry("sent", "", "details", details), true)
                        .at("/data/content")
                        .asText())
                .isEqualTo("{\"a\":1}");
        assertThat(event(entry("sent", "", "details", details), false)
                        .at("/data")
                        .has("content"))
                .isFalse();
        assertThat(new String(details(Interest.EVENTS, "{}", request, SENT), UTF_8))
                .doesNotContain("content");
        assertThat(new String(details(Interest.EVENTS_WITH_CONTENT, "{}", request, skipped), UTF_8))
                .doesNotContain("content");
    }

    @Test
    void nothingIsMadeWhileNobodyListens() {
        assertThat(maker(Interest.NOTHING).of(job("{}"), null, SENT)).isNull();
    }

    @Test
    void secretsAreMasked() {
        RenderedRequest request = request("https://api.example/?key=s3cret");

        assertThat(new String(details(Interest.EVENTS, "{}", request, SENT), UTF_8))
                .contains("https://api.example/?key=***")
                .doesNotContain("s3cret");
    }

    @Test
    void whatWentWrongWithAttributesIsNoFailureOfWhatWasSent() throws Exception {
        assertThat(event(entry("sent", "response is not JSON", "data", "{}"), false)
                        .path("data")
                        .has("failure_message"))
                .isFalse();
    }

    private static byte[] details(Interest interest, String data, @Nullable RenderedRequest request, Outcome outcome) {
        return Objects.requireNonNull(maker(interest).of(job(data), request, outcome));
    }

    private static EventDetails maker(Interest interest) {
        return new EventDetails(
                () -> interest,
                request -> Target.parse(request.url(), Set.of()),
                text -> text.replace("s3cret", "***"));
    }

    private static Job job(String data) {
        return Job.of("job-1", "crm", data.getBytes(UTF_8), Job.Terms.of("k"), 1);
    }

    private static RenderedRequest request(String url) {
        return new RenderedRequest("POST", url, List.of(), "{\"a\":1}".getBytes(UTF_8));
    }

    private static ReportFeed.Entry entry(String metric, String reason, String form, String text) {
        Map<String, String> fields = new HashMap<>(Map.of("id", "job-1", "action", "crm", "metric", metric));
        fields.putAll(Map.of("reason", reason, "at", "1700000000123", form, text));
        return new ReportFeed.Entry("1700000000123-4", 9, fields);
    }

    private static JsonNode event(ReportFeed.Entry entry, boolean withContent) throws Exception {
        return new JsonMapper().readTree(new ReportEvent("0", entry).json(withContent));
    }
}
