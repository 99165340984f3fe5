package io.posthaste.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.Action;
import io.posthaste.job.Header;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemplateChecksTest {
    private final TemplateChecks checks = new TemplateChecks(Recipes.liquid());

    @Test
    void problemsNameTheFieldTheyAreIn() {
        Action action = Recipes.action(
                "https://a.example/{{ x | nope }}",
                List.of(new Header("A", "ok"), new Header("B", "{% coyotes %}")),
                "{{ y",
                Action.OnMissing.FAIL);
        assertThat(checks.check(action))
                .extracting(TemplateChecks.Finding::field)
                .containsExactly("url", "headers[1].value", "body");
    }

    @Test
    void dataThatCanBreakTheBodyAreWarnedAbout() {
        assertThat(warnings(Recipes.json("{\"a\": \"{{ customer.name }}\", \"b\": {{ customer.name | to_json }}}")))
                .containsExactly("line 1, column 8: data that contain a quote break the JSON body; "
                        + "write {{ customer.name | to_json }} without the quotes");
        Action form = Recipes.action(
                "https://a.example/",
                List.of(new Header("content-type", "application/x-www-form-urlencoded; charset=utf-8")),
                "a=1\n&id={{customer.id}}&email={{customer.email | url_encode}}",
                Action.OnMissing.FAIL);
        assertThat(warnings(form))
                .containsExactly("line 2, column 5: data that contain & = + or % break a form body; add | url_encode");
    }

    @Test
    void sendingEverythingIsWarnedAbout() {
        assertThat(warnings(Recipes.action(Recipes.recipe("R2"))))
                .containsExactly("line 1, column 1: sends every attribute, also those added later; "
                        + "name the fields that are needed");
    }

    @Test
    void noRecipeHasAProblem() {
        Recipes.ALL
                .path("recipes")
                .forEach(recipe ->
                        assertThat(checks.check(Recipes.action(recipe))).isEmpty());
    }

    private List<String> warnings(Action action) {
        return checks.warnings(action).stream()
                .map(finding -> finding.problem().toString())
                .toList();
    }
}
