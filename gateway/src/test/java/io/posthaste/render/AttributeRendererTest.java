package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.action.Action;
import io.posthaste.action.Action.ResponseAttribute;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Header;
import io.posthaste.job.Person;
import io.posthaste.job.Reply;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.store.action.ActionCodec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeRendererTest {
    private static final String DATA = "{\"customer\":{\"id\":\"1007\",\"name\":\"Ada\",\"tier\":\"free\"},"
            + "\"event\":{\"amount\":\"49.00\"},\"journey\":{\"step\":3}}";
    private static final String RESPONSE =
            "{\"lead_id\":\"lead_8Yx\",\"n\":20,\"price\":19.90,\"yes\":true,\"no\":null,"
                    + "\"empty\":\"\",\"list\":[1,{\"k\":2}],\"big\":12345678901234567890}";

    private final AttributeRenderer renderer = new AttributeRenderer(
            new TemplateCache(
                    new Liquid(
                            WebhookDialect.ofAnswers(Map.of()),
                            Limits.DEFAULT,
                            InstantSource.fixed(Recipes.NOW),
                            () -> 0,
                            new Random(7)),
                    1 << 20),
            Map.of("greeting", "Hi {{ customer.name }}")::get,
            InstantSource.fixed(Recipes.NOW));

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>>",
            quoteCharacter = '`',
            value = {
                // M71, M69: the response is the parsed body itself
                "{{response.lead_id}} =>> \"lead_8Yx\"",
                "{{ response.list[1].k }} =>> 2",
                // M75: one output keeps its type, anything else is text
                "{{ response.n }} =>> 20",
                "{{ response.price }} =>> 19.90",
                "{{ response.big }} =>> 12345678901234567890",
                "{{ response.yes }} =>> true",
                "{{ response.list }} =>> [1,{\"k\":2}]",
                "{{ response.lead_id }}! =>> \"lead_8Yx!\"",
                "{{ response.n }}{{ response.n }} =>> \"2020\"",
                "{{ response.no }} =>> null",
                "{{ response.empty }} =>> null",
                "{% if false %}x{% endif %} =>> null",
                "{{ response.nope | default: 7 }} =>> 7",
                // M70: beside the response
                "{{ http.status }} =>> 201",
                "{{ http.duration_ms }} =>> 35",
                "{{ http.headers[\"x-request-id\"] }} =>> \"r-1\"",
                "{{ http.headers['X-Request-Id'] }} =>> \"r-1\"",
                "{{ http.headers.via }} =>> \"a, b\"",
                // M46: the rest of the context, and the person as stored
                "{{ event.amount | plus: response.n }} =>> 69.0",
                "{{ customer.lifetime_value | default: 0 | plus: response.n }} =>> 120.5",
                "{{ customer.tier }} =>> \"pro\"",
                "{{ customer.name }} =>> \"Ada\"",
                "{{ customer.id }} =>> \"1007\"",
                "{{ journey.step }} =>> 3",
                "{{ delivery_id }} =>> \"job-1\"",
                "{{ snippets.greeting }} =>> \"Hi Ada\"",
                "{{ trigger.nothing }} =>> null",
            })
    void whatATemplateSets(String template, String json) {
        assertThat(set(render(RESPONSE, template))).isEqualTo("{\"a0\":" + json + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>>",
            quoteCharacter = '`',
            value = {
                "{{ response.nope }} =>> attribute a1: Variable 'response.nope' is missing",
                "{{ response.no | plus: 1 }} =>> attribute a1: Variable 'response.no' is missing",
                "{{ customer.nope }} =>> attribute a1: Variable 'customer.nope' is missing",
                "{{ secrets.zendesk }} =>> attribute a1: Variable 'secrets.zendesk' is missing",
                "{{ http.headers.nope }} =>> attribute a1: Variable 'http.headers.nope' is missing",
                "{% abort_message \"not now\" %} =>> attribute a1: not now",
                "{% for i in (1..2000000) %}x{% endfor %} =>> attribute a1: line 1, column 1: template limit exceeded",
                "{{ x =>> attribute a1: line 1, column 1",
            })
    void oneThatCannotBeRenderedKeepsAllFromBeingSet(String template, String reason) {
        assertThat(failure(render(RESPONSE, "{{ response.n }}", template))).startsWith(reason);
    }

    @Test
    void whatIsSetIsAddedToWhatIsStoredAndNumbersKeepTheirText() {
        AttributeUpdate update = render(RESPONSE, "{{ response.price }}", "{{ response.empty }}");

        assertThat(document(update))
                .isEqualTo("{\"lifetime_value\":\"100.5\",\"tier\":\"pro\",\"old\":1.50,\"a0\":19.90}");
        assertThat(person(update).version()).isEqualTo(7);
    }

    @Test
    void anEmptyValueClearsAnAttribute() {
        AttributeUpdate update = renderer.render(
                action(List.of(new ResponseAttribute("old", "{{ response.no }}"))),
                Recipes.job(DATA),
                stored(),
                reply(RESPONSE));

        assertThat(document(update)).isEqualTo("{\"lifetime_value\":\"100.5\",\"tier\":\"pro\"}");
        assertThat(set(update)).isEqualTo("{\"old\":null}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "``, null",
                "SM123 queued, `\"SM123 queued\"`",
                "[1], `[1]`",
                "\"x\", `\"x\"`",
                "{broken, `\"{broken\"`"
            })
    void aBodyThatIsNotJsonIsTextAndNoneIsNothing(String body, String json) {
        assertThat(set(render(body, "{{ response }}"))).isEqualTo("{\"a0\":" + json + "}");
    }

    @Test
    void thatTheResponseIsNotJsonIsSaidWhereAPartOfItIsMissing() {
        assertThat(failure(render("<html>", "{{ response.lead_id }}")))
                .isEqualTo("attribute a0: Variable 'response.lead_id' is missing; the response is not JSON");
    }

    @Test
    void aResponseThatWasCutIsNotUsed() {
        Reply.Answered cut = new Reply.Answered(200, List.of(), RESPONSE.getBytes(UTF_8), true, 35);
        Action action = action(List.of(new ResponseAttribute("a0", "{{ response.n }}")));

        assertThat(failure(renderer.render(action, Recipes.job(DATA), stored(), cut)))
                .contains("the response is longer than the");
    }

    @Test
    void nobodyIsNamedNothingIsSet() {
        Action action = action(List.of(new ResponseAttribute("a0", "{{ response.n }}")));

        assertThat(failure(renderer.render(action, Recipes.job("{}"), null, reply(RESPONSE))))
                .isEqualTo("the data name no person: give customer_id or customer.id");
    }

    @Test
    void attributesOfTheJourneyAreToldAndNotStored() {
        Action journey = action(List.of(new ResponseAttribute("journey.lead", "{{ response.lead_id }}")));
        Action both = action(List.of(
                new ResponseAttribute("journey.lead", "{{ response.lead_id }}"),
                new ResponseAttribute("n", "{{ response.n }}")));

        AttributeUpdate ofNobody = renderer.render(journey, Recipes.job("{}"), null, reply(RESPONSE));
        AttributeUpdate ofAda = renderer.render(both, Recipes.job(DATA), Person.unknown("1007"), reply(RESPONSE));

        assertThat(set(ofNobody)).isEqualTo("{\"journey.lead\":\"lead_8Yx\"}");
        assertThat(((AttributeUpdate.Change) ofNobody).person()).isNull();
        assertThat(set(ofAda)).isEqualTo("{\"journey.lead\":\"lead_8Yx\",\"n\":20}");
        assertThat(document(ofAda)).isEqualTo("{\"n\":20}");
    }

    @Test
    void whatIsTooLargeIsNotSet() {
        String large = "\"" + "x".repeat(200 << 10) + "\"";
        Action journey = action(List.of(new ResponseAttribute("journey.a", "{{ response }}")));
        Action twice = action(
                List.of(new ResponseAttribute("a", "{{ response }}"), new ResponseAttribute("b", "{{ response }}")));

        assertThat(failure(renderer.render(journey, Recipes.job(DATA), stored(), reply(large))))
                .isEqualTo("attribute journey.a: more than 102400 bytes");
        assertThat(failure(renderer.render(twice, Recipes.job(DATA), stored(), reply(large))))
                .contains("262144 bytes of attributes");
    }

    @ParameterizedTest
    @ValueSource(ints = {59, 62})
    void whatIsNestedTooDeepToBeReadAgainIsNotSet(int levels) {
        AttributeUpdate update = render("[".repeat(levels) + "]".repeat(levels), "{{ response }}");

        assertThat(update instanceof AttributeUpdate.Change).isEqualTo(levels == 59);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"customer_id\":\"a\"};a", "{\"customer_id\":1007};1007", "{\"customer\":{\"id\":\"b\"}};b",
                "{\"customer_id\":\"a\",\"customer\":{\"id\":\"b\"}};a", "{\"customer\":{\"id\":\"a b\"}};", "{};"
            })
    void whomAJobIsFor(String data, String person) {
        assertThat(renderer.personOf(Recipes.job(data))).isEqualTo(person);
    }

    private AttributeUpdate render(String response, String... templates) {
        List<ResponseAttribute> attributes = new ArrayList<>();
        for (String template : templates) {
            attributes.add(new ResponseAttribute("a" + attributes.size(), template));
        }
        return renderer.render(action(attributes), Recipes.job(DATA), stored(), reply(response));
    }

    private static Person stored() {
        return new Person("1007", 7, "{\"lifetime_value\":\"100.5\",\"tier\":\"pro\",\"old\":1.50}".getBytes(UTF_8));
    }

    private static Reply.Answered reply(String body) {
        List<Header> headers =
                List.of(new Header("X-Request-Id", "r-1"), new Header("Via", "a"), new Header("Via", "b"));
        return new Reply.Answered(201, headers, body == null ? new byte[0] : body.getBytes(UTF_8), false, 35);
    }

    private static Action action(List<ResponseAttribute> attributes) {
        ObjectNode definition = JsonNodeFactory.instance.objectNode().put("url", "https://a.example/");
        definition.put("on_missing", "empty");
        ArrayNode list = definition.putArray("response_attributes");
        attributes.forEach(
                one -> list.addObject().put("attribute", one.attribute()).put("template", one.template()));
        return new ActionCodec().inline("a", definition.toString().getBytes(UTF_8));
    }

    private static String set(AttributeUpdate update) {
        return new String(((AttributeUpdate.Change) update).set(), UTF_8);
    }

    private static Person person(AttributeUpdate update) {
        return Objects.requireNonNull(((AttributeUpdate.Change) update).person());
    }

    private static String document(AttributeUpdate update) {
        return new String(person(update).attributes(), UTF_8);
    }

    private static String failure(AttributeUpdate update) {
        return ((AttributeUpdate.Failed) update).reason();
    }
}
