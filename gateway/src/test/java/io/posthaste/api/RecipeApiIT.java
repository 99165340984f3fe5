package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The gallery: what it offers can be saved and previewed as it is. */
class RecipeApiIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    private final JsonNode recipes =
            api.call("GET", "/v1/recipes", RunningApi.READ, null).body().path("recipes");

    @Test
    void eachRecipeRendersWithItsSample() {
        assertThat(recipes).hasSize(21);
        for (JsonNode recipe : recipes) {
            recipe.path("secrets")
                    .forEach(name -> api.put("/v1/secrets/" + name.asText(), "{'value':'a-secret-value'}"));
            api.nanos.addAndGet(10_000_000_000L);

            var shown = api.post(
                    "/v1/preview",
                    "{\"action\":" + text(recipe.path("action")) + ",\"data\":" + text(recipe.path("sample")) + "}");

            assertThat(shown.status())
                    .as("%s: %s", recipe.path("name"), shown.body())
                    .isEqualTo(200);
            assertThat(shown.body().path("missing")).isEmpty();
        }
    }

    /** Single quotes would become double ones on the way. */
    private static String text(JsonNode node) {
        return node.toString().replace("'", "\\u0027");
    }

    @Test
    void theNewOnesTellWhatTheyDoAndKeepNoCredential() {
        Set<String> told = new TreeSet<>();
        for (JsonNode recipe : recipes) {
            if (!recipe.path("about").asText().isEmpty()) {
                told.add(recipe.path("name").asText());
                boolean asks = !recipe.path("secrets").isEmpty()
                        || recipe.path("action").has("connection");
                assertThat(asks).as("%s", recipe.path("name")).isTrue();
            }
        }
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "Slack incoming webhook",
                        "Slack message by a bot",
                        "Discord webhook",
                        "Microsoft Teams card",
                        "PagerDuty alert",
                        "HubSpot contact",
                        "Salesforce contact",
                        "Segment track");
    }
}
