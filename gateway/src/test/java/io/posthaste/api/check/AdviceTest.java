package io.posthaste.api.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.posthaste.action.Action;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.store.action.ActionCodec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '→', quoteCharacter = '`', textBlock = """
            {"a": "{{ x }}"}                                  → 1:8
            {"a": "{{ x | upcase }}"}                         → 1:8
            {"a": "Hi {{ x }}, {{ y }}"}                      → 1:11 1:20
            {"a": {{ x | to_json }}}                          → -
            {"a": {{ x }}}                                    → -
            {"a": "{{ x | url_encode }}"}                     → -
            {"a": "{{ x | to_json | upcase }}"}               → 1:8
            {"a": "{{ x | date: "%F" }}"}                     → -
            {"a\\"": {{ x }}, "b": "\\\\", "c": {{ y }}}      → -
            {"a": "{% if x %}{{ x }}{% endif %}"}             → 1:18
            {"a": "{% raw %}{{ x }}{% endraw %}"}             → -
            {"a": "{% comment %}{{ x }} " {% endcomment %}"}  → -
            {"é": "{{ x }}"}                                  → 1:8
            """)
    void outputsInsideJsonStringsArePointedAt(String body, String places) {
        assertThat(places("application/json; charset=utf-8", body)).isEqualTo(places);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '→', quoteCharacter = '`', textBlock = """
            id={{ x }}&e={{ y | url_encode }}    → 1:4
            id={{ x | cgi_escape}}               → -
            id={{ x | url_encode | upcase }}     → 1:4
            """)
    void outputsInFormsAreToBeEncoded(String body, String places) {
        assertThat(places("application/x-www-form-urlencoded", body)).isEqualTo(places);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '→', quoteCharacter = '`', textBlock = """
            {{ customer }}                        → 1:1
            {{customer|to_json}}                  → 1:1
            {{ customer | replace: "=>", ":"}}    → 1:1
            {{ customer.id }}                     → -
            {{ customer["id"] }}                  → -
            {{ customers }}                       → -
            """)
    void theWholePersonIsPointedAt(String body, String places) {
        assertThat(places("text/plain", body)).isEqualTo(places);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '→', textBlock = """
            https://h.example/{{ x }}                 → -
            https://h.example/?q={{ x }}              → -
            https://{{ secrets.user }}:p@h.example/   → -
            http://h.example/                         → http is not encrypted
            https://{{ customer.host }}/              → data decides where the request goes
            https://{{ customer.sub }}.h.example/     → data decides where the request goes
            {{ customer.url }}                        → data decides where the request goes
            {% if x %}https://a{% endif %}            → data decides where the request goes
            """)
    void addressesMadeOfDataArePointedAt(String url, String message) {
        List<Problem> found = Advice.on(action(url, "text/plain", ""));

        assertThat(found.isEmpty() ? "-" : found.getFirst().message()).isEqualTo(message);
    }

    @Test
    void escapedStringsNeedNoAdviceUnlessTheBodyIsNoJson() {
        assertThat(Advice.on(escaped("application/json", "{\"a\": \"{{ x }}\"}")))
                .isEmpty();
        assertThat(Advice.on(escaped("text/plain", "{{ x }}")))
                .singleElement()
                .extracting(Problem::field, Problem::fix)
                .containsExactly("escape", "set Content-Type to application/json, or escape to none");
    }

    @Test
    void linesAreCounted() {
        assertThat(places("application/json", "{\n \"a\":\n  \"{{ x }}\"}")).isEqualTo("3:4");
    }

    private static String places(String type, String body) {
        List<String> places = Advice.on(action("https://h.example/", type, body)).stream()
                .map(problem -> problem.line() + ":" + problem.column())
                .toList();
        return places.isEmpty() ? "-" : String.join(" ", places);
    }

    private static Action action(String url, String type, String body) {
        return action(url, type, body, "none");
    }

    private static Action escaped(String type, String body) {
        return action("https://h.example/", type, body, "json");
    }

    private static Action action(String url, String type, String body, String escape) {
        var definition = JsonNodeFactory.instance.objectNode();
        definition.put("url", url).put("body", body).put("escape", escape);
        definition.putArray("headers").addObject().put("name", "Content-Type").put("value", type);
        return new ActionCodec()
                .read("a", new StrictJson().read(definition.toString()))
                .valid();
    }
}
