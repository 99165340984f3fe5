package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.action.Action;
import io.posthaste.job.Job;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code escape: json}: whatever the data hold, the body stays the JSON its author wrote. */
class EscapeTest {
    private static final String DATA = """
            {"customer": {"name": "Zoë \\"Z\\" \\\\ Co\\nInc", "age": 37, "big": 12345678901234567890, "vip": true, "none": null,
              "tags": ["a", "say \\"b\\"", 3], "plan": {"tier": "pro"}, "number": "49.00"}}""";

    private final RequestRenderer renderer =
            Recipes.renderer(Map.of(), Map.of("footer", "Bye \"{{ customer.name }}\""));

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>>",
            quoteCharacter = '`',
            value = {
                "{\"a\": \"{{ customer.name }}\"} =>> {\"a\": \"Zoë \\\"Z\\\" \\\\ Co\\nInc\"}",
                "{\"a\": \"Dear {{ customer.name }}, {{ customer.age }}\"} =>> {\"a\": \"Dear Zoë \\\"Z\\\" \\\\ Co\\nInc, 37\"}",
                "{\"a\": {{ customer.name }}} =>> {\"a\": \"Zoë \\\"Z\\\" \\\\ Co\\nInc\"}",
                "[{{ customer.age }}, {{ customer.big }}, {{ customer.vip }}, {{ customer.none }}] =>> [37, 12345678901234567890, true, null]",
                "[{{ customer.tags }}, {{ customer.plan }}, {{ customer.number }}] =>> [[\"a\",\"say \\\"b\\\"\",3], {\"tier\":\"pro\"}, \"49.00\"]",
                "[\"{{ customer.age }}\", \"{{ customer.vip }}\"] =>> [\"37\", \"true\"]",
                "{\"{{ customer.number }}\": 1} =>> {\"49.00\": 1}",
                "[\"\\\"{{ customer.number }}\", {{ customer.number }}, \"\\\\\", {{ customer.age }}] =>> [\"\\\"49.00\", \"49.00\", \"\\\\\", 37]",
                "[{{ customer.name | to_json }}, {{ customer.plan | json }}] =>> [\"Zoë \\\"Z\\\" \\\\ Co\\nInc\", {\"tier\":\"pro\"}]",
                "[\"{{ customer.plan | to_json }}\"] =>> [\"{\\\"tier\\\":\\\"pro\\\"}\"]",
                "[\"{{ customer.name | json_escape }}\"] =>> [\"Zoë \\\"Z\\\" \\\\ Co\\nInc\"]",
                "[{{ customer.plan | replace: \"=>\", \":\" }}, {{ 'a=>b' | replace: \"=>\", \":\" }}] =>> [{\"tier\":\"pro\"}, \"a:b\"]",
                "[{{ customer.age | plus: 1 }}, {{ customer.nosuch | default: 'x' }}] =>> [38, \"x\"]",
                "[{% for t in customer.tags %}\"{{ t }}\"{% unless forloop.last %},{% endunless %}{% endfor %}] =>> [\"a\",\"say \\\"b\\\"\",\"3\"]",
                "[\"{% if customer.vip %}{{ customer.name | upcase }}{% endif %}\"] =>> [\"ZOË \\\"Z\\\" \\\\ CO\\nINC\"]",
                "{% capture c %}<{{ customer.tags[1] }}>{% endcapture %}[{{ c }}, \"{{ c }}\"] =>> [\"<say \\\"b\\\">\", \"<say \\\"b\\\">\"]",
                "{% assign t = customer.tags[1] %}[{% cycle t %}, \"{% cycle t %}{% echo t %}\"] =>> [\"say \\\"b\\\"\", \"say \\\"b\\\"say \\\"b\\\"\"]",
                "[{% for i in (1..2) %}{% ifchanged %}\"{{ customer.tags[1] }}\"{% endifchanged %}{% endfor %}, {{ customer.age }}] =>> [\"say \\\"b\\\"\", 37]",
                "[{{ snippets.footer }}, \"{{ snippets.footer }}\"] =>> [\"Bye \\\"Zoë \\\"Z\\\" \\\\ Co\\nInc\\\"\", \"Bye \\\"Zoë \\\"Z\\\" \\\\ Co\\nInc\\\"\"]",
            })
    void aValueIsWrittenAsItsPlaceAsks(String body, String expected) {
        Action action = escaped(body, Action.OnMissing.FAIL);
        assertThat(body(renderer.render(action, Recipes.job(DATA)))).isEqualTo(expected);
    }

    @Test
    void aMissingValueFailsOrIsNull() {
        Job job = Recipes.job(DATA);
        String body = "{\"a\": {{ customer.nosuch }}, \"b\": \"{{ customer.none }}\", \"c\": {{ event.x }}}";
        assertThat(renderer.render(escaped(body, Action.OnMissing.FAIL), job))
                .isEqualTo(new Rendering.Broken("Variable 'customer.nosuch' is missing"));
        assertThat(renderer.render(escaped("[\"{{ customer.none }}\"]", Action.OnMissing.FAIL), job))
                .isEqualTo(new Rendering.Broken("Variable 'customer.none' is missing"));
        assertThat(body(renderer.render(escaped(body, Action.OnMissing.EMPTY), job)))
                .isEqualTo("{\"a\": null, \"b\": \"\", \"c\": null}");
    }

    @Test
    void urlAndHeadersAreNotEscaped() {
        Action action = Recipes.escaped(Recipes.action(
                "https://a.example/{{ customer.plan }}", Recipes.json("").headers(), "{}", Action.OnMissing.FAIL));
        assertThat(RequestRendererTest.rendered(renderer.render(action, Recipes.job(DATA)))
                        .url())
                .isEqualTo("https://a.example/{\"tier\":\"pro\"}");
    }

    /** The recipes whose plain templates such data break (M31). */
    @Test
    void plainTemplatesSurviveHostileData() throws IOException {
        for (String id : new String[] {"R1", "R8"}) {
            Action action = Recipes.escaped(Recipes.action(Recipes.recipe(id)));
            String body = body(renderer.render(action, Recipes.job(true)));
            JsonNode parsed = new ObjectMapper().readTree(body);
            assertThat(parsed.findValuesAsText("name").toString() + parsed.findValuesAsText("subject"))
                    .contains("Acme \"Rockets\" \\ Co");
        }
    }

    private static Action escaped(String body, Action.OnMissing onMissing) {
        return Recipes.escaped(
                Recipes.action("https://a.example/", Recipes.json("").headers(), body, onMissing));
    }

    private static String body(Rendering rendering) {
        return new String(RequestRendererTest.rendered(rendering).body(), UTF_8);
    }
}
