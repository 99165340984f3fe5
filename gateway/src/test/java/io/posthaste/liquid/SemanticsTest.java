package io.posthaste.liquid;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.value.Utf8Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corners of the language that neither the suite nor the tables reach. */
class SemanticsTest {
    private static final String DATA =
            "{\"a\":[1,2,3],\"o\":{\"b\":1,\"c\":2},\"size\":{\"size\":7},\"n\":5,\"s\":\"x\",\"big\":12345678901234567890,\"e\":1e2,\"z\":-0}";

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>>",
            quoteCharacter = '`',
            value = {
                "{{ 'hello' | slice: 1, nosuch }} =>> e",
                "{{ 'foo' | modulo: '2.0' }} =>> 0.0",
                "{{ 'foo' | divided_by: '2.0' }} =>> 0.0",
                "{{ 20 | divided_by: 7.0 }} =>> 2.857142857142857",
                "{{ 7 | divided_by: 3 }} =>> 2.3333333333333335",
                "{{ 10 | plus: 2.0 }} =>> 12.0",
                "{{ 9223372036854775807 | plus: 1 }} =>> 9223372036854775808",
                "{{ 9223372036854775807 | times: 2 | minus: 1 }} =>> 18446744073709551613",
                "{{ big | plus: 1 }} =>> 12345678901234567891",
                "{{ big }} {{ e }} {{ z }} {{ 10.50 }} =>> 12345678901234567890 1e2 -0 10.5",
                "{{ e | plus: 1 }} =>> 101",
                "{{ 123.456 | round: -2 }} {{ -1.5 | round }} {{ 2.5 | round }} =>> 100 -2 3",
                "{{ o | first }} {{ o.first[0] }} {{ o.size }} {{ o | size }} =>> b1 b 2 2",
                "{{ size.size }} =>> 7",
                "{{ a.first }}{{ a.last }}{{ a[-1] }}{{ a[0] }} =>> 1331",
                "{{ (1..3) }} {{ (1..3) | size }} {{ (3..1) | size }} {{ (1.9..3.9) | join: ',' }} =>> 1..3 3 0 1,2,3",
                "{% for i in o %}{{ i }},{% endfor %} =>> b1,c2,",
                "{% for i in a limit: nosuch offset: nosuch %}{{ i }}{% endfor %} =>> 123",
                "{% for i in a limit: '2' offset: 1.0 %}{{ i }}{% endfor %} =>> (failed)",
                "a{% break %}b =>> a",
                "{% for i in a %}{% for j in a %}{% if j == 2 %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{% endfor %}. =>> 11 21 31 .",
                "{% increment n %}{% increment n %}{{ n }} =>> 567",
                "{% assign n = 1 %}{{ n }}{% assign n = n | plus: 1 %}{{ n }} =>> 12",
                "{% assign i = 9 %}{% for i in a %}{% assign i = 5 %}{{ i }}{% endfor %}{{ i }} =>> 1235",
                "{% if a == a and o == o and 1 == 1.0 and s != 1 %}y{% endif %} =>> y",
                "{% assign k = 'b' %}{{ o[k] }}{{ [s] }}{{ ['o'].c }} =>> 12",
                "{% assign x = a %}{{ [\"x\"] | join }}{% assign v = 'x' %}{{ [v] | size }} =>> 1 2 33",
                "{{ 'a' | date: nosuch }}{{ nosuch | date: '%Y' }} =>> a",
                "{{ a | where_exp: 'forloop', 'forloop > 1' | join }} =>> 2 3",
                "{% for i in a %}{{ forloop.parentloop.index }}{% for j in a limit: 1 %}{{ forloop.parentloop.index }}{% endfor %}{% endfor %} =>> 123",
                "{{ '%' | url_decode }}{{ '%zz%41' | url_decode }} =>> %%zzA",
                "{{ 'x' | append: a }}{{ o | append: '' }} =>> x123{\"b\":1, \"c\":2}",
                "{% raw %}{% if %}{{{% endraw %}{% comment %}{% raw %}{% endcomment %}{% endraw %}{% endcomment %}! =>> {% if %}{{!",
                "{{ \"}}\" }}{{ '%}' }}{% assign t = '%}' %}{{ t }} =>> }}%}%}",
            })
    void rendersAs(String template, String expected) {
        Utf8Buffer out = Engines.buffer();
        boolean rendered = Engines.render(Engines.plain(), template, DATA, out) instanceof RenderResult.Rendered;
        assertThat(rendered ? out.toString() : "(failed)").isEqualTo(expected);
    }

    @Test
    void linesOfALiquidTagAreTags() {
        rendersAs(
                "{% liquid\n assign q = 3\n for i in a\n if i == q\n echo i\n else\n echo '-'\n endif\n endfor\n%}",
                "--3");
    }
}
