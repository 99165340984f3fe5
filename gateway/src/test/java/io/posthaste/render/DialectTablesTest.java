package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.template.TemplateProblem;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every row of the dialect's tables of tags and filters (B1 to B7), rendered as an action's body. */
class DialectTablesTest {
    private final Liquid liquid = Recipes.liquid();

    @TestFactory
    Stream<DynamicTest> rows() throws IOException {
        JsonNode tables = read();
        Map<String, String> snippets = new TreeMap<>();
        tables.path("snippets")
                .properties()
                .forEach(entry -> snippets.put(entry.getKey(), entry.getValue().asText()));
        RequestRenderer renderer = Recipes.renderer(Map.of(), snippets);
        String data = tables.path("data").toString();
        return StreamSupport.stream(tables.path("rows").spliterator(), false)
                .map(row -> DynamicTest.dynamicTest(row.path("row").asText(), () -> check(row, renderer, data)));
    }

    private void check(JsonNode row, RequestRenderer renderer, String data) {
        String template = row.path("template").asText();
        List<String> problems = new ArrayList<>();
        for (TemplateProblem problem : liquid.check(template)) {
            problems.add(problem.toString());
        }
        if (row.has("error")) {
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .contains(row.path("error").asText());
            return;
        }
        assertThat(problems).isEmpty();
        Rendering rendering = renderer.render(Recipes.text(template), Recipes.job(data));
        if (row.has("missing")) {
            String reason = "Variable '" + row.path("missing").asText() + "' is missing";
            assertThat(rendering).isEqualTo(new Rendering.Broken(reason));
        } else if (row.has("failed")) {
            assertThat(((Rendering.Broken) rendering).reason())
                    .contains(row.path("failed").asText());
        } else {
            byte[] body = RequestRendererTest.rendered(rendering).body();
            assertThat(new String(body, UTF_8)).isEqualTo(row.path("result").asText());
        }
    }

    private static JsonNode read() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(DialectTablesTest.class.getResourceAsStream("/liquid-tables.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }
}
