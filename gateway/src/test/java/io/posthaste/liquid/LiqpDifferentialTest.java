package io.posthaste.liquid;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.liquid.parse.TemplateException;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.value.Utf8Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import liqp.TemplateParser;
import liqp.parser.Flavor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Liqp is an independent implementation: where we differ from it, there is a reason. */
class LiqpDifferentialTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TemplateParser liqp =
            new TemplateParser.Builder().withFlavor(Flavor.LIQUID).build();

    /** Why an output differs: a pattern that the template has, one that Liqp's output has, or both. */
    private record Reason(
            String why,
            @Nullable Pattern template,
            @Nullable Pattern theirs) {
        static Reason of(JsonNode node) {
            return new Reason(node.path("why").asText(), pattern(node, "template"), pattern(node, "theirs"));
        }

        private static @Nullable Pattern pattern(JsonNode node, String name) {
            return node.has(name) ? Pattern.compile(node.path(name).asText()) : null;
        }

        boolean explains(String text, String output) {
            return (template == null || template.matcher(text).find())
                    && (theirs == null || theirs.matcher(output).find());
        }
    }

    @Test
    void whatBothGetRightIsTheSame() throws IOException {
        List<String> different = new ArrayList<>();
        int same = 0;
        for (JsonNode test : read("/liquid-cases.json").path("tests")) {
            String template = test.path("template").asText();
            String data = test.path("data").isObject() ? test.path("data").toString() : "{}";
            String theirs = theirs(template, data);
            if (!theirs.equals(test.path("result").asText("(none)"))) {
                continue;
            }
            if (ours(template, data).equals(theirs)) {
                same++;
            } else {
                different.add(test.path("name").asText());
            }
        }
        assertThat(different).containsOnly("filters, divided by, issue");
        assertThat(same).isGreaterThan(250);
    }

    /** Each filter, loop and comparison on each kind of value, as far as both accept it. */
    @Test
    void everyDifferenceHasAReason() throws IOException {
        List<Reason> reasons = new ArrayList<>();
        read("/liqp-differences.json").forEach(node -> reasons.add(Reason.of(node)));
        TreeSet<String> unused = new TreeSet<>();
        reasons.forEach(reason -> unused.add(reason.why()));
        List<String> unexplained = new ArrayList<>();
        int same = 0;
        for (String template : RandomTemplates.small()) {
            String ours = ours(template, RandomTemplates.DATA);
            String theirs = theirs(template, RandomTemplates.DATA);
            if (ours.equals(theirs)) {
                same++;
            } else if (!ours.equals("(error)") && !theirs.equals("(error)")) {
                reasons.stream()
                        .filter(reason -> reason.explains(template, theirs))
                        .findFirst()
                        .ifPresentOrElse(
                                reason -> unused.remove(reason.why()),
                                () -> unexplained.add(template + " is " + ours + ", theirs " + theirs));
            }
        }
        assertThat(unexplained).isEmpty();
        assertThat(unused).as("reasons that explain nothing").isEmpty();
        assertThat(same).isGreaterThan(5_000);
    }

    /** Liqp throws many kinds for templates it does not like; all of them mean the same here. */
    private String theirs(String template, String data) throws IOException {
        Map<String, Object> map = JSON.readValue(data, new TypeReference<Map<String, Object>>() {});
        try {
            return liqp.parse(template).render(map);
        } catch (RuntimeException e) {
            return "(error)";
        }
    }

    private static String ours(String template, String data) {
        Utf8Buffer out = Engines.buffer();
        try {
            return Engines.render(Engines.plain(), template, data, out) instanceof RenderResult.Rendered
                    ? out.toString()
                    : "(error)";
        } catch (TemplateException e) {
            return "(error)";
        }
    }

    private static JsonNode read(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(LiqpDifferentialTest.class.getResourceAsStream(resource))) {
            return JSON.readTree(in);
        }
    }
}
