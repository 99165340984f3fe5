package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What editors complete from. */
class LanguageApiIT {
    @AutoClose
    private static final RunningApi api = new RunningApi();

    private final JsonNode language =
            api.call("GET", "/v1/liquid", RunningApi.READ, null).body();

    @Test
    void aTagTellsWhatItDoesAndWhatClosesIt() {
        JsonNode tag = named("tags", "unless");

        assertThat(tag.path("about").asText()).isEqualTo("only when the condition does not hold");
        assertThat(tag.path("example").asText()).startsWith("{% unless ");
        assertThat(tag.path("end").asText()).isEqualTo("endunless");
        assertThat(named("tags", "assign").path("end").asText()).isEmpty();
        assertThat(named("tags", "elsif").path("end").asText()).isEmpty();
    }

    @Test
    void aFilterTellsWhatItDoesAndWhatItIsFor() {
        JsonNode filter = named("filters", "to_json");

        assertThat(filter.path("about").asText()).isEqualTo("as JSON, with quotes of its own");
        assertThat(filter.path("kind").asText()).isEqualTo("JSON, encoding and digests");
    }

    @Test
    void aNameIsToldOnce() {
        for (String kind : List.of("variables", "tags", "filters")) {
            List<String> names = language.path(kind).findValuesAsText("name");
            assertThat(names).as(kind).doesNotHaveDuplicates().isNotEmpty();
        }
    }

    @Test
    void variablesOfAnswersAreToldApart() {
        assertThat(named("variables", "customer").path("only_in_answers").asBoolean())
                .isFalse();
        assertThat(named("variables", "response").path("only_in_answers").asBoolean())
                .isTrue();
        assertThat(language.path("variables").findValuesAsText("name")).containsAll(Set.of("secrets", "snippets"));
    }

    private JsonNode named(String kind, String name) {
        for (JsonNode one : language.path(kind)) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("no " + name + " among " + kind);
    }
}
