package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.action.Action;
import io.posthaste.job.Header;
import io.posthaste.job.Job;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SecretValues;
import io.posthaste.testing.ManualClock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRendererTest {
    private static final String CUSTOMER = "{\"customer\":{\"name\":\"Zoë\",\"n\":null}}";

    private final RequestRenderer renderer = Recipes.renderer(
            Map.of("zendesk", "s3cret"),
            Map.of("footer", "Bye {{ customer.name }}", "broken", "{{ x", "self", "{{ snippets.self }}"));

    @Test
    void aRequestRemembersTheSecretsItWasRenderedWithAndNoOthers() {
        RenderedRequest with = rendered(renderer.render(Recipes.text("{{ secrets.zendesk }}"), Recipes.job(CUSTOMER)));
        RenderedRequest without = rendered(renderer.render(Recipes.text("plain"), Recipes.job(CUSTOMER)));

        assertThat(with.secrets().values()).containsExactly("s3cret");
        assertThat(without.secrets()).isSameAs(SecretValues.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% abort_message secrets.zendesk %}",
                "{{ 1 | divided_by: secrets.zendesk }}",
                "{{ secrets.zendesk | from_json }}"
            })
    void noReasonRepeatsASecret(String template) {
        assertThat(renderer.render(Recipes.text(template), Recipes.job(CUSTOMER)))
                .isNotInstanceOf(Rendering.Rendered.class)
                .asString()
                .doesNotContain("s3cret");
    }

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
            assertThat(broken(renderer.render(Recipes.action(Recipes.recipe(id)), Recipes.job(true))))
                    .startsWith("body is not valid JSON at line ");
        }
    }

    @Test
    void aWholeCustomerWithHostileDataStaysValidJson() {
        String body = body(renderer.render(Recipes.action(Recipes.recipe("R2")), Recipes.job(true)));
        assertThat(body)
                .endsWith(
                        "\"note\":null, \"tags\":[\"a => b\", \"say \\\"hi\\\"\\n\\u0007 bell\", \"#{x}\", null, true, 1.5, "
                                + "{\"k\":\"東京🎉\"}]}");
    }

    /** H1 to H11: an object as text, and after the replacement that older recipes use, is JSON (M37, M38). */
    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>>",
            quoteCharacter = '`',
            value = {
                "{\"id\":\"42\",\"email\":\"win@customer.io\"} =>> {\"id\":\"42\", \"email\":\"win@customer.io\"}",
                "{\"i\":3,\"f\":19.9,\"f0\":3.0,\"t\":true,\"no\":false,\"n\":null} =>> {\"i\":3, \"f\":19.9, \"f0\":3.0, \"t\":true, \"no\":false, \"n\":null}",
                "{\"plan\":{\"tier\":\"pro\",\"seats\":3},\"tags\":[\"a\",\"b\"],\"eo\":{},\"ea\":[]} =>> {\"plan\":{\"tier\":\"pro\", \"seats\":3}, \"tags\":[\"a\", \"b\"], \"eo\":{}, \"ea\":[]}",
                "{\"q\":\"He said \\\"hi\\\"\",\"b\":\"C:\\\\dir\",\"ap\":\"it's\"} =>> {\"q\":\"He said \\\"hi\\\"\", \"b\":\"C:\\\\dir\", \"ap\":\"it's\"}",
                "{\"nl\":\"a\\nb\",\"tab\":\"a\\tb\",\"cr\":\"a\\r\\nb\"} =>> {\"nl\":\"a\\nb\", \"tab\":\"a\\tb\", \"cr\":\"a\\r\\nb\"}",
                "{\"name\":\"Zoë\",\"jp\":\"東京\",\"em\":\"🎉\"} =>> {\"name\":\"Zoë\", \"jp\":\"東京\", \"em\":\"🎉\"}",
                "{\"note\":\"a => b\",\"k=>v\":\"1\"} =>> {\"note\":\"a => b\", \"k=>v\":\"1\"}",
                "{\"t\":\"#{x} #$y #@z #plain\"} =>> {\"t\":\"#{x} #$y #@z #plain\"}",
                "{\"c\":\"\\u0007\\u001b\\u000b\\u0000\\u007f\"} =>> {\"c\":\"\\u0007\\u001b\\u000b\\u0000\u007f\"}",
                "{\"u\":\"\\ud8bf\\udffe\"} =>> {\"u\":\"\ud8bf\udffe\"}",
                "{\"big\":12345678901234567890} =>> {\"big\":12345678901234567890}",
            })
    void objectsPrintAsJson(String customer, String expected) {
        Job job = Recipes.job("{\"customer\":" + customer + "}");
        assertThat(body(renderer.render(Recipes.json("{{ customer | replace: \"=>\", \":\"}}"), job)))
                .isEqualTo(expected);
        assertThat(body(renderer.render(Recipes.json("{{ customer }}"), job))).isEqualTo(expected);
    }

    @Test
    void aValueThatWouldSendTheRequestElsewhereIsRefusedByTheNameOfItsOutput() {
        var action = Recipes.action(
                "http://{{ customer.email }}:{{secrets.zendesk}}@api.example/", List.of(), "", Action.OnMissing.FAIL);

        assertThat(broken(renderer.render(action, Recipes.job("{\"customer\":{\"email\":\"evil.test?\"}}"))))
                .startsWith("url: the value of {{ customer.email }} brings '?' into the host")
                .doesNotContain("evil");
    }

    @Test
    void urlHeadersAndBodySeeTheSameContext() {
        Action action = Recipes.action(
                "https://a.example/{{ customer.name | url_encode }}?d={{ delivery_id }}",
                List.of(
                        new Header("Idempotency-Key", "{{ delivery.idempotency_key }}"),
                        new Header("X-Key", "{{secrets.zendesk}}")),
                "{{ customer.name }}: {{ snippets.footer }}",
                Action.OnMissing.FAIL);
        RenderedRequest request = rendered(renderer.render(action, Recipes.job(CUSTOMER)));
        assertThat(request.url()).isEqualTo("https://a.example/Zo%C3%AB?d=job-1");
        assertThat(request.headers())
                .containsExactly(new Header("Idempotency-Key", "key-1"), new Header("X-Key", "s3cret"));
        assertThat(new String(request.body(), UTF_8)).isEqualTo("Zoë: Bye Zoë");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>>",
            quoteCharacter = '`',
            value = {
                "{{ customer.nope }} =>> Variable 'customer.nope' is missing",
                "{{ customer.n }} =>> Variable 'customer.n' is missing",
                "{{ secrets.nope }} =>> Variable 'secrets.nope' is missing",
                "{{ snippets.nope }} =>> Variable 'snippets.nope' is missing",
                "{{ 1 | divided_by: 0 }} =>> body, line 1, column 1: divided by 0",
                "ab {{ x | nope }} =>> body, line 1, column 11: undefined filter: nope; see the list of filters, or remove it",
                "{{ snippets.broken }} =>> body, line 1, column 1: snippet broken, line 1, column 1: Variable '{{ x' was not properly terminated; close it with }}",
                "{{ snippets.self }} =>> body, line 1, column 1: template limit exceeded: more than 8 levels of snippets",
            })
    void whatCannotBeRenderedSaysWhy(String body, String reason) {
        assertThat(broken(renderer.render(Recipes.text(body), Recipes.job(CUSTOMER))))
                .isEqualTo(reason);
    }

    @Test
    void invalidJsonIsNamedByItsPlace() {
        assertThat(broken(renderer.render(Recipes.json("{\n \"a\": {{ customer.name }}\n}"), Recipes.job(CUSTOMER))))
                .isEqualTo("body is not valid JSON at line 2 column 7");
        assertThat(body(renderer.render(Recipes.text("{ not json"), Recipes.job(CUSTOMER))))
                .isEqualTo("{ not json");
        assertThat(body(renderer.render(Recipes.json(""), Recipes.job(CUSTOMER))))
                .isEmpty();
    }

    @Test
    void aTemplateMayDecideNotToSend() {
        Action action = Recipes.text(
                "{% if customer.name %}{% abort_message \"not for \" | append: customer.name %}{% endif %}");
        assertThat(renderer.render(action, Recipes.job(CUSTOMER))).isEqualTo(new Rendering.Aborted("not for Zoë"));
        assertThat(renderer.render(Recipes.text("{% abort_message('x') %}"), Recipes.job(CUSTOMER)))
                .isEqualTo(new Rendering.Aborted("x"));
    }

    @Test
    void whatPrintedNothingIsListed() {
        Action action = Recipes.action(
                "https://a.example/", List.of(), "[{{ customer.nope }}{{ event.x }}]", Action.OnMissing.EMPTY);
        Rendering rendering = renderer.render(action, Recipes.job(CUSTOMER));
        assertThat(((Rendering.Rendered) rendering).empties()).containsExactly("customer.nope", "event.x");
        assertThat(body(rendering)).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>>",
            quoteCharacter = '`',
            value = {
                "{\"secrets\":{}} =>> the name 'secrets' is reserved",
                "{\"a\":{\"secrets\":1},\"response\":1} =>> the name 'response' is reserved",
                "{\"\\u0073nippets\":{}} =>> the name 'snippets' is reserved",
                "{\"a\":1,\"a\":2} =>> a name appears twice in one object",
                "{\"a\":1,\"\\u0061\":2} =>> a name appears twice in one object",
                "{\"x\":{\"\\u0061\":1,\"b\":{\"a\":1},\"a\":2}} =>> a name appears twice in one object",
                "{\"a\":1} x =>> more text after the value",
                "[1] =>> an object is needed",
                "{\"a\":01} =>> ',' or '}' is needed",
                "{\"a\":1 =>> the text ends here",
                "{\"a\":\"\\x\"} =>> unknown escape",
                "{\"a\":nul} =>> not a JSON value",
                "{\"a\":.5} =>> not a JSON value",
                "{a:1} =>> a name in quotes is needed",
                "{\"a\":1,} =>> a value is needed after ','",
            })
    void dataThatAreNotStrictJsonAreRefused(String data, String reason) {
        assertThat(broken(renderer.render(Recipes.text("{{ 1 }}"), Recipes.job(data))))
                .startsWith("data is not valid JSON at line 1 column ")
                .endsWith(reason);
    }

    @Test
    void dataThatAreTooDeepOrNotUtf8AreRefused() {
        String deep = "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}";
        assertThat(broken(renderer.render(Recipes.text(""), Recipes.job(deep)))).contains("nested more than 64 levels");
        byte[][] bad = {
            {'{', '"', 'a', '"', ':', '"', (byte) 0xC0, (byte) 0x80, '"', '}'},
            {'{', '"', 'a', '"', ':', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', '}'}
        };
        for (byte[] data : bad) {
            Job job = Job.of("j", "a", data, new Job.Terms("k", false, Job.Results.FINAL, null), 0);
            assertThat(broken(renderer.render(Recipes.text(""), job))).endsWith("not UTF-8");
        }
    }

    @Test
    void aTemplateThatHitsItsLimitsThriceRestsForAWhile() {
        ManualClock clock = new ManualClock(Recipes.NOW);
        RequestRenderer breaking = new RequestRenderer(
                new TemplateCache(Recipes.liquid(), 1 << 20),
                new LookUps(name -> null, name -> null, url -> null),
                clock,
                1 << 20);
        Action action = Recipes.text("{% for i in (1..1000000) %}{% endfor %}");
        for (int i = 0; i < 3; i++) {
            assertThat(broken(breaking.render(action, Recipes.job("{}")))).contains("more than 10000 loop iterations");
        }
        assertThat(broken(breaking.render(action, Recipes.job("{}")))).contains("not tried again for a minute");
        assertThat(body(breaking.render(Recipes.text("ok"), Recipes.job("{}")))).isEqualTo("ok");
        clock.advance(Breaker.REST);
        assertThat(broken(breaking.render(action, Recipes.job("{}")))).contains("loop iterations");
    }

    @Test
    void longUrlsAndBodiesAreRefused() {
        Action action = Recipes.action("https://a.example/{{ customer.s }}", List.of(), "", Action.OnMissing.FAIL);
        Job job = Recipes.job("{\"customer\":{\"s\":\"" + "x".repeat(9_000) + "\"}}");
        assertThat(broken(renderer.render(action, job))).contains("more than 8192 bytes in url");
    }

    private static String broken(Rendering rendering) {
        assertThat(rendering).isInstanceOf(Rendering.Broken.class);
        return ((Rendering.Broken) rendering).reason();
    }

    private static String body(Rendering rendering) {
        return new String(rendered(rendering).body(), UTF_8);
    }

    static RenderedRequest rendered(Rendering rendering) {
        assertThat(rendering).isInstanceOf(Rendering.Rendered.class);
        return ((Rendering.Rendered) rendering).request();
    }
}
