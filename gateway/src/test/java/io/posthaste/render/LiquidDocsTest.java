package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.liquid.filter.Filters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code docs/liquid.md} is what the engine prints: {@code POSTHASTE_DOCS=write} renews it. */
class LiquidDocsTest {
    private static final Path PAGE = Path.of("../docs/liquid.md");
    private static final String DATA = """
            {
              "customer": {"id": "1007", "name": "Ada Lovelace", "email": "ada@example.com", "plan": "pro", "tags": ["new", "vip", "new"]},
              "event": {
                "amount": 49.5, "at": 1772531696, "note": "<b>Hi</b>\\nthere",
                "items": [
                  {"sku": "b", "price": 20, "kind": "book"},
                  {"sku": "c", "price": 20, "kind": "book"},
                  {"sku": "a", "price": 5.5, "kind": "pen"}]}
            }""";

    private static final String BEGINNING = """
            # Liquid

            URL, header values and body of an action are Liquid templates, and so is what an answer sets on the person.
            Below are all tags and filters, each with an example and what it prints for these data:

            ```json
            DATA
            ```

            A variable that is not there fails the delivery before anything is sent (`on_missing: empty` in the action prints
            nothing instead); `default` and conditions may ask for it. `{{ secrets.NAME }}` and `{{ snippets.NAME }}` come from
            the gateway. In JSON, write values with `to_json`: it brings its own quotes. A line end in a result is shown as `⏎`.
            """;

    @Test
    void thePageShowsWhatTheEnginePrints() throws IOException {
        String page = page();
        if ("write".equals(System.getenv("POSTHASTE_DOCS"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("renew it: POSTHASTE_DOCS=write mvn -pl gateway test -Dtest=LiquidDocsTest")
                .isEqualTo(page);
    }

    @Test
    void thePageHasEveryFilter() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(Filters.with(Map.of()).names())
                .allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
    }

    private static String page() throws IOException {
        StringBuilder page = new StringBuilder(BEGINNING.replace("DATA", DATA));
        for (String example : examples()) {
            if (example.startsWith("= ")) {
                page.append("\n## ").append(example.substring(2)).append("\n\n| | example | prints |\n|---|---|---|\n");
                continue;
            }
            int at = example.indexOf(" | ");
            String template = example.substring(at + 3);
            page.append("| `").append(example, 0, at).append("` | ");
            page.append(code(template))
                    .append(" | ")
                    .append(code(printed(template)))
                    .append(" |\n");
        }
        return page.toString();
    }

    private static String printed(String template) {
        return switch (Recipes.renderer().render(Recipes.text(template), Recipes.job(DATA))) {
            case Rendering.Rendered rendered -> new String(rendered.request().body(), UTF_8);
            case Rendering.Broken broken -> throw new AssertionError(template + ": " + broken.reason());
            case Rendering.Aborted aborted -> throw new AssertionError(template + ": " + aborted.reason());
            case Rendering.NeedsPerson needs -> throw new AssertionError(template + ": " + needs.id());
        };
    }

    /** In a cell of a table a bar ends the cell, even within code. */
    private static String code(String text) {
        String line = text.replace("|", "\\|").replace("\n", "⏎");
        return line.contains("`") ? "`` " + line + " ``" : "`" + line + "`";
    }

    /** An example that goes on in the next line has no bar in front of it. */
    private static List<String> examples() throws IOException {
        try (InputStream in = LiquidDocsTest.class.getResourceAsStream("/liquid-examples.txt")) {
            List<String> examples = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                boolean begins = line.startsWith("= ") || line.matches("[#a-z][a-z0-9_, #()]* \\| .*");
                if (begins) {
                    examples.add(line);
                } else if (!line.startsWith("# ")) {
                    examples.add(examples.removeLast() + "\n" + line);
                }
            }
            return examples;
        }
    }
}
