package io.posthaste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the demo's partners look at before they take a request. */
class PartnerTest {
    private static final Partner SLACK = new Partner(json("""
            {"headers": {"Authorization": "Bearer xoxb-.+"}, "json": {"/channel": "C[A-Z0-9]+", "/text": ".+"}}"""));

    @Test
    void whatItWantsIsTaken() {
        assertThat(SLACK.complaints(
                        request("Bearer xoxb-1", "{\\\"channel\\\": \\\"C1\\\", \\\"text\\\": \\\"hi\\\"}")))
                .isEmpty();
    }

    @Test
    void whatIsMissingOrOtherIsNamed() {
        assertThat(SLACK.complaints(request("Bearer xoxp-1", "{\\\"channel\\\": 1}")))
                .containsExactly(
                        "Authorization is 'Bearer xoxp-1', not Bearer xoxb-.+",
                        "/channel is missing",
                        "/text is missing");
        assertThat(SLACK.complaints(request("Bearer xoxb-1", "no JSON"))).hasSize(2);
    }

    @Test
    void eachRecipeOfTheGalleryHasAPartnerThatLooks() {
        List<Recipe> gallery = Recipe.all(LocalDate.EPOCH).stream()
                .filter(recipe -> recipe.id().matches("S1|S2|D1|T1|PD1|H1|F1|G1"))
                .toList();

        assertThat(gallery).hasSize(8).allSatisfy(recipe -> {
            List<String> complaints = recipe.partner().complaints(json("{\"headers\": [], \"body\": \"{}\"}"));
            assertThat(complaints).as(recipe.id()).hasSizeGreaterThan(1);
        });
    }

    private static JsonNode request(String authorization, String body) {
        return json("""
                {"headers": [{"name": "authorization", "value": "%s"}], "body": "%s"}""".formatted(authorization, body));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
