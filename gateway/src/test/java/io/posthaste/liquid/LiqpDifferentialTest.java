package io.posthaste.liquid;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.liquid.value.Utf8Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import liqp.TemplateParser;
import liqp.parser.Flavor;
import org.junit.jupiter.api.Test;

/** Where Liqp, an independent implementation, gets a suite case right, we print the same as it; and we get more of them right. */
class LiqpDifferentialTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    @SuppressWarnings("unchecked")
    void whatBothGetRightIsTheSame() throws IOException {
        TemplateParser liqp =
                new TemplateParser.Builder().withFlavor(Flavor.LIQUID).build();
        List<String> different = new ArrayList<>();
        int same = 0;
        for (JsonNode test : tests()) {
            String template = test.path("template").asText();
            Map<String, Object> data = JSON.convertValue(
                    test.path("data").isObject() ? test.path("data") : JSON.createObjectNode(), Map.class);
            String theirs = theirs(liqp, template, data);
            if (!theirs.equals(test.path("result").asText("(none)"))) {
                continue;
            }
            String ours = ours(template, test.has("data") ? test.get("data").toString() : "{}");
            if (ours.equals(theirs)) {
                same++;
            } else {
                different.add(test.path("name").asText());
            }
        }
        assertThat(different).containsOnly("filters, divided by, issue");
        assertThat(same).isGreaterThan(250);
    }

    /** Liqp throws many kinds for templates it does not like; all of them mean the same here. */
    private static String theirs(TemplateParser liqp, String template, Map<String, Object> data) {
        try {
            return liqp.parse(template).render(data);
        } catch (RuntimeException e) {
            return "(error)";
        }
    }

    private static String ours(String template, String data) {
        Utf8Buffer out = Engines.buffer();
        return Engines.render(Engines.plain(), template, data, out) instanceof RenderResult.Rendered
                ? out.toString()
                : "(error)";
    }

    private static JsonNode tests() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(LiqpDifferentialTest.class.getResourceAsStream("/liquid-cases.json"))) {
            return JSON.readTree(in).path("tests");
        }
    }
}
