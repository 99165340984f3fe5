package io.posthaste.liquid;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.liquid.parse.TemplateException;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.value.Utf8Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Core Liquid, by the public golden-liquid suite; where our dialect decides otherwise, the exceptions file says why. */
class CoreLiquidTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> coreLiquid() throws IOException {
        Set<String> exceptions = exceptions();
        return cases().stream()
                .filter(test -> !exceptions.contains(test.path("name").asText()))
                .map(test -> DynamicTest.dynamicTest(
                        test.path("name").asText(),
                        () -> assertThat(outcome(test))
                                .as(test.path("template").asText())
                                .isIn(expected(test))));
    }

    @Test
    void everyExceptionIsACaseThatStillDiffers() throws IOException {
        Set<String> unexplained = exceptions();
        for (JsonNode test : cases()) {
            if (!expected(test).contains(outcome(test))) {
                unexplained.remove(test.path("name").asText());
            }
        }
        assertThat(unexplained).as("exceptions that are none").isEmpty();
    }

    /** More templates, with what the reference implementation made of them. */
    @TestFactory
    Stream<DynamicTest> asTheReferenceDoes() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode group : read("/liquid-shopify.json").path("groups")) {
            String data = group.path("data").toString();
            for (JsonNode test : group.path("cases")) {
                String template = test.path(0).asText();
                String expected = test.has(1) ? test.path(1).asText() : "(error)";
                tests.add(DynamicTest.dynamicTest(
                        template, () -> assertThat(outcome(template, data)).isEqualTo(expected)));
            }
        }
        return tests.stream();
    }

    private static List<String> expected(JsonNode test) {
        if (test.path("invalid").asBoolean()) {
            return List.of("(error)");
        }
        List<String> results = new ArrayList<>();
        test.path("results").forEach(result -> results.add(result.asText()));
        if (results.isEmpty()) {
            results.add(test.path("result").asText());
        }
        return results;
    }

    private static String outcome(JsonNode test) {
        String data = test.has("data") ? test.get("data").toString() : "{}";
        return outcome(test.path("template").asText(), data);
    }

    private static String outcome(String template, String data) {
        Utf8Buffer out = Engines.buffer();
        try {
            RenderResult result = Engines.render(Engines.plain(), template, data, out);
            return result instanceof RenderResult.Rendered ? out.toString() : "(error)";
        } catch (TemplateException e) {
            return "(error)";
        }
    }

    private static List<JsonNode> cases() throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        read("/liquid-cases.json").path("tests").forEach(cases::add);
        return cases;
    }

    private static Set<String> exceptions() throws IOException {
        Set<String> names = new HashSet<>();
        read("/liquid-exceptions.json").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode read(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(CoreLiquidTest.class.getResourceAsStream(resource))) {
            return JSON.readTree(in);
        }
    }
}
