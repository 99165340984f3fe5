package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.liquid.filter.Filters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
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
            Below are all variables, tags and filters, with what an example of each prints for these data:

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

    private static String page() {
        StringBuilder page = new StringBuilder(BEGINNING.replace("DATA", DATA));
        String heading = "";
        for (Reference.Entry entry : Reference.of(Set.of()).entries()) {
            if (!entry.heading().equals(heading)) {
                heading = entry.heading();
                page.append("\n## ").append(heading);
                page.append(
                        entry.isVariable()
                                ? "\n\n| | |\n|---|---|\n"
                                : "\n\n| | | example | prints |\n|---|---|---|---|\n");
            }
            page.append("| `").append(entry.title()).append("` | ");
            page.append(entry.about().replace("<br />", "`<br />`")).append(" |");
            if (!entry.isVariable()) {
                page.append(' ').append(code(entry.example())).append(" | ");
                page.append(code(printed(entry.example()))).append(" |");
            }
            page.append('\n');
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
}
