package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.job.SecretValues;
import io.posthaste.testing.Receiver.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What templates make of secrets, and credentials that stand in actions, are shown to nobody who may not see them. */
class MaskingIT extends CanaryCase {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ secrets.zendesk | split: '' | join: '_' }}",
                "{{ secrets.zendesk | slice: 0, 8 }}",
                "{{ secrets.zendesk | upcase }}",
                "{{ secrets.zendesk | base64_encode }}",
                "{{ secrets.zendesk | url_encode | replace: '-', '+' }}",
                "{{ secrets.zendesk | size }}",
                "{% if secrets.zendesk contains 'VALUE' %}yes{% else %}no{% endif %}",
                "{% case secrets.zendesk %}{% when 'VALUE' %}yes{% else %}no{% endcase %}",
                "{% assign s = secrets.zendesk %}{% if s > 'a' %}yes{% else %}no{% endif %}",
                "{% assign s = secrets.zendesk | upcase %}{% abort_message s %}",
                "{% if secrets.zendesk contains 'VALUE' %}{% abort_message 'yes' %}{% endif %}no",
                "{{ secrets.zendesk | slice: 0, 4 | from_json }}",
            })
    void whatIsShownDoesNotDependOnASecretWhateverATemplateMakesOfIt(String template) throws Exception {
        List<String> shown = new ArrayList<>();
        for (String value : List.of("alpha-1234567890-first-value", "zz")) {
            put(
                    "/v1/secrets/zendesk",
                    JSON.createObjectNode().put("value", value).toString());
            String body = template.replace("VALUE", value);
            var action =
                    JSON.createObjectNode().put("url", receiver.url("/200")).put("body", body);
            action.putArray("headers").addObject().put("name", "X-Secret").put("value", body);
            put("/v1/actions/shown", action.toString());
            String unsaved =
                    JSON.createObjectNode().<ObjectNode>set("action", action).toString();
            JsonNode preview = JSON.readTree(call("POST", "/v1/preview", VIEWER, unsaved));
            JsonNode tested = JSON.readTree(call("POST", "/v1/actions/shown/test", ADMIN, "{}"));

            // A template may decide by a secret whether to send at all, and that it did not is seen.
            assertThat(tested.at("/request/body")).isIn(preview.at("/request/body"), MissingNode.getInstance());
            shown.add(preview.path("request") + " " + preview.path("aborted") + " " + preview.path("errors"));
            shown.add(tested.path("reason") + " " + tested.path("errors"));
        }

        assertThat(shown.subList(0, 2)).isEqualTo(shown.subList(2, 4));
    }

    /** The receiver repeats it, and its answer stands in excerpts: what was made of a secret is as secret. */
    @ParameterizedTest
    @ValueSource(ints = {200, 404, 503})
    void whatIsMadeOfASecretIsNotShownEither(int status) throws Exception {
        put("/v1/secrets/zendesk", JSON.createObjectNode().put("value", SECRET).toString());
        put("/v1/secrets/pw", JSON.createObjectNode().put("value", PASSWORD).toString());
        put("/v1/snippets/loud", "{\"value\":\"{{ secrets.zendesk | upcase }}\"}");
        String body = "plain words {{ secrets.zendesk | split: '' | join: '_' }} {{ snippets.loud }}"
                + "{% assign s = secrets.zendesk | slice: 0, 9 %} {{ s }} "
                + "{{ secrets.zendesk | split: '' | reverse | join: '' }}";
        var action = JSON.createObjectNode()
                .put("url", receiver.url("/" + status))
                .put("body", body)
                .put("on_missing", "empty");
        action.putArray("headers")
                .addObject()
                .put("name", "X-Derived")
                .put("value", "{{ secrets.pw | split: '' | first | append: 'x' }}");
        put("/v1/actions/derived", action.toString());
        commands.xadd("posthaste:{0}:inbox", Map.of("v", "1", "id", "d-1", "action", "derived", "data", "{}"));
        awaitState("d-1", status == 200 ? "sent" : status == 404 ? "failed" : "retrying");
        String joined = String.join("_", SECRET.split(""));
        String reversed = new StringBuilder(SECRET).reverse().toString();
        assertThat(receiver.takeRequest().text()).contains(joined, SECRET.toUpperCase(Locale.ROOT), reversed);

        String everything = crawl(List.of("d-1")) + logged() + results();

        assertThat(everything).contains("plain words " + SecretValues.MASK);
        assertNoneOf(everything, SECRET, joined, SECRET.toUpperCase(Locale.ROOT), SECRET.substring(0, 9), reversed);
    }

    @Test
    void whatStandsInAnActionItselfIsNotShownToReaders() throws Exception {
        String url = "http://user:" + LITERAL + "@127.0.0.1:" + receiver.port() + "/503?api_key=" + LITERAL;
        put("/v1/actions/literal", JSON.createObjectNode().put("url", url).toString());
        commands.xadd("posthaste:{0}:inbox", Map.of("v", "1", "id", "literal-1", "action", "literal", "data", "{}"));
        awaitState("literal-1", "retrying");

        String everything = crawl(List.of("literal-1")) + logged() + results();

        assertThat(everything).contains("user:***@127.0.0.1");
        assertNoneOf(everything, LITERAL);
    }

    @Test
    void aSecretIsSentAgainAsItWasFrozenEvenIfItChangedMeanwhile() throws Exception {
        put("/v1/secrets/zendesk", "{\"value\":\"the-first-value\"}");
        put("/v1/secrets/pw", "{\"value\":\"the-password\"}");
        put("/v1/snippets/signed", "{\"value\":\"by\"}");
        put("/v1/actions/retried", action(503, "automatic"));
        commands.xadd("posthaste:{0}:inbox", Map.of("v", "1", "id", "r-1", "action", "retried", "data", "{}"));
        Received first = receiver.takeRequest();
        awaitState("r-1", "retrying");

        put("/v1/secrets/zendesk", "{\"value\":\"the-second-value\"}");
        Received second = receiver.takeRequest();

        assertThat(first.text()).contains("the-first-value");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Authorization")).isEqualTo(first.header("Authorization"));
        assertThat(call("GET", "/v1/deliveries/r-1", ADMIN, null)).doesNotContain("the-first-value");
    }
}
