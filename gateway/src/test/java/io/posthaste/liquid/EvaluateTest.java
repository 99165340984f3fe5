package io.posthaste.liquid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.JsonWriter;
import io.posthaste.liquid.value.Utf8Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluateTest {
    private static final String DATA =
            "{\"r\": {\"n\": 20, \"d\": 1.50, \"t\": true, \"s\": \"x\", \"z\": null, \"l\": [1, {\"k\": 2}]}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{{ r.n }};20",
                "{{ r.d }};1.50",
                "{{ r.t }};true",
                "{{ r.s }};\"x\"",
                "{{ r.z }};null",
                "{{ r.nope }};null",
                "{{ r.l }};[1,{\"k\":2}]",
                "{{ r.l[1].k }};2",
                "{{ '100.5' | plus: r.n }};120.5",
                "{{ r.n | times: 2 | plus: 0.5 }};40.5",
                "n={{ r.n }};\"n=20\"",
                "{% if r.t %}{{ r.n }}{% endif %};\"20\"",
                "{{ r.l | to_json }};\"[1,{\\\"k\\\":2}]\"",
            })
    void aSingleOutputKeepsItsTypeAndEverythingElseIsText(String template, String json) {
        Compiled compiled = Engines.plain().compile(template);
        Object[] data = JsonReader.read(DATA.getBytes(UTF_8), compiled.projection());
        Utf8Buffer out = Engines.buffer();
        RenderResult result = compiled.templates().get(0).evaluate(Scope.of(data, false), out);
        assertThat(result).isInstanceOf(RenderResult.Value.class);
        assertThat(out.length()).isZero();
        JsonWriter.COMPACT.write(((RenderResult.Value) result).value(), out);
        assertThat(out).hasToString(json);
    }
}
