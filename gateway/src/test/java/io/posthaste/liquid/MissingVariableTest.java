package io.posthaste.liquid;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.liquid.parse.Limits;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.value.Utf8Buffer;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MissingVariableTest {
    private static final String DATA = "{\"customer\": {\"name\": \"Ada\", \"nothing\": null, \"tags\": [\"x\"]}}";
    private static final Dialect DIALECT =
            new Dialect(Set.of("customer", "event"), Set.of(), Set.of(), Map.of(), Map.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ customer.nope }} ; customer.nope",
                "{{ customer.nothing }} ; customer.nothing",
                "{{ customer.nope | upcase }} ; customer.nope",
                "{{ customer.nope | to_json }} ; customer.nope",
                "{{ 'Hi ' | append: customer.nope }} ; customer.nope",
                "{{ customer['nope'] }} ; customer['nope']",
                "{{ customer.tags[7] }} ; customer.tags[7]",
                "{{ customer.nope.size }} ; customer.nope.size",
                "{{ nope }} ; nope",
                "{{ nope.x }} ; nope.x",
                "{% assign x = customer.nope %}{{ x }} ; x",
                "{% capture x %}{{ customer.nope }}{% endcapture %} ; customer.nope",
                "{% echo customer.nope %} ; customer.nope",
            })
    void anOutputWithoutAValueFailsTheRender(String row) {
        String[] parts = row.split(" ; ", 2);
        RenderResult result = render(parts[0], true, Engines.buffer());
        assertThat(result).isInstanceOf(RenderResult.MissingVariable.class);
        assertThat(((RenderResult.MissingVariable) result).name()).isEqualTo(parts[1]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{{ customer.nope | default: 'x' }};x",
                "{{ customer.nope | upcase | default: 'x' }};x",
                "{% if customer.nope %}a{% else %}b{% endif %};b",
                "{% unless customer.nope %}a{% endunless %};a",
                "{% case customer.nope %}{% when nil %}a{% endcase %};a",
                "{% for i in customer.nope %}a{% else %}b{% endfor %};b",
                "{{ customer.nothing | to_json }};null",
                "{{ customer.nothing | json }};null",
                "[{{ event.amount }}];[]",
                "[{{ event }}];[]",
                "[{{ event.amount | upcase }}];[]",
                "[{{ nil }}];[]",
                "{% assign x = customer.nope %}ok;ok",
                "{{ customer.name }};Ada",
            })
    void whatIsNotAnOutputOrNotMissingDoesNot(String template, String expected) {
        Utf8Buffer out = Engines.buffer();
        assertThat(render(template, true, out)).isInstanceOf(RenderResult.Rendered.class);
        assertThat(out).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "[{{ customer.nope }}];[]",
                "[{{ customer.nothing }}];[]",
                "{{ customer.nope | to_json }};null",
                "[{{ customer.nope | upcase }}];[]",
            })
    void bySettingItPrintsNothing(String template, String expected) {
        Utf8Buffer out = Engines.buffer();
        assertThat(render(template, false, out)).isInstanceOf(RenderResult.Rendered.class);
        assertThat(out).hasToString(expected);
    }

    private static RenderResult render(String template, boolean fail, Utf8Buffer out) {
        return Engines.render(Engines.with(DIALECT, Limits.DEFAULT), template, DATA, out, fail);
    }
}
