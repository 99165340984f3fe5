package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.job.RenderedRequest;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RequestRendererTest {
    private final RequestRenderer renderer = Recipes.renderer();

    @TestFactory
    Stream<DynamicTest> everyRecipeRendersByteForByte() {
        return StreamSupport.stream(Recipes.ALL.path("recipes").spliterator(), false)
                .map(recipe -> DynamicTest.dynamicTest(recipe.path("id").asText(), () -> rendersAsRecorded(recipe)));
    }

    private void rendersAsRecorded(JsonNode recipe) {
        RenderedRequest request = rendered(renderer.render(
                Recipes.action(recipe), Recipes.job(recipe.path("hostile").asBoolean())));
        assertThat(new String(request.body(), UTF_8))
                .isEqualTo(recipe.path("rendered").asText());
        assertThat(request.url()).isEqualTo(recipe.path("url").asText());
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.headers()).isEqualTo(Recipes.action(recipe).headers());
    }

    @Test
    void hostileDataInPlainTemplatesIsStoppedByTheLint() {
        for (String id : new String[] {"R1", "R8"}) {
            Rendering rendering = renderer.render(Recipes.action(Recipes.recipe(id)), Recipes.job(true));
            assertThat(rendering).isInstanceOf(Rendering.Broken.class);
            assertThat(((Rendering.Broken) rendering).reason()).startsWith("body is not valid JSON at line ");
        }
    }

    static RenderedRequest rendered(Rendering rendering) {
        assertThat(rendering).isInstanceOf(Rendering.Rendered.class);
        return ((Rendering.Rendered) rendering).request();
    }
}
