package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Escape;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.liquid.template.PrintedValues;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Utf8Buffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlStructureTest {
    private static final Liquid LIQUID = new Liquid(
            WebhookDialect.with(Map.of()), Limits.DEFAULT, InstantSource.system(), System::nanoTime, new Random(1));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://{{x}}:pin@api.example/            | evil.test?           | ?",
                "http://{{x}}:pin@api.example/            | evil.test/           | /",
                "http://{{x}}:pin@api.example/            | evil.test#           | #",
                "http://{{x}}:pin@api.example/            | evil.test\\         | \\",
                "http://{{x}}:pin@api.example/            | a:b@evil.test/       | :",
                "http://user:{{x}}@api.example/           | evil.test/           | /",
                "http://user:{{x}}@api.example/           | 1@evil.test          | @",
                "http://{{x}}@api.example/                | evil.test/           | /",
                "https://{{x}}.example.com/               | evil.test/           | /",
                "https://{{x}}.example.com/               | evil.test:443        | :",
                "https://{{x}}/path                       | [::1]                | [",
                "'https://{{x | downcase}}.example.com/'  | EVIL.test/           | /",
                "https://{% if x %}{{x}}{% endif %}.example.com/  | evil.test?   | ?",
                "https://{% assign y = x %}{{y}}.example.com/     | evil.test?   | ?",
                "https://{% capture y %}{{x}}{% endcapture %}{{y}}.example.com/ | evil.test? | ?",
                "https://{% ifchanged %}{{x}}{% endifchanged %}.example.com/ | evil.test? | ?",
                "https://api.example/users/{{x}}/pay      | 7?admin=1            | ?",
                "https://api.example/users/{{x}}          | 7#                   | #",
                "https://api.example/users?id={{x}}&a=1   | 7#                   | #",
                "https://api.example?id={{x}}&a=1         | 7#                   | #",
                "{{x}}://api.example/                     | http://evil.test/?   | :",
                "https://api.example:{{x}}/               | 80@evil.test         | @",
            })
    void aValueThatWouldLeaveItsPartIsFound(String template, String value, char character) {
        UrlStructure.Breach breach = breach(template, value);

        assertThat(breach).extracting(UrlStructure.Breach::character).isEqualTo(character);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://{{x}}:pin@api.example/            | ada%40acme.example",
                "http://user:{{x}}@api.example/           | p:w:d",
                "https://{{x}}.example.com/               | shop-1",
                "https://{{x}}/path                       | api.example",
                "https://api.example/{{x}}                | services/T0/B0/xyz",
                "https://api.example/users?{{x}}          | a=1&b=/2?c@d:e",
                "https://api.example/users#{{x}}          | any#thing?",
                "https://api.example:{{x}}/               | 8443",
                "{{x}}                                    | https://user:pw@api.example:8443/hook?a=1#b",
                "{{x}}/users                              | https://api.example:8443",
                "{{x}}/go?to=https://elsewhere.example/   | https://api.example",
                "{{x}}://api.example/                     | https",
                "{% if x %}https://api.example:1{% else %}https://other.example{% endif %}/{{x}} | a/b",
            })
    void aValueThatStaysInItsPartIsFine(String template, String value) {
        assertThat(breach(template, value)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{x}}/users/{{y}}     | https://api.example | 7?a=1        | ?",
                "{{x}}.example/{{y}}   | https://shop        | ok#          | #",
                "{{x}}{{y}}/hook       | https://shop        | @evil.test   | @",
                "{{x}}?q={{y}}         | https://shop.example| a#b          | #",
            })
    void behindAValueThatBringsTheHostOthersStayInTheirParts(String template, String x, String y, char character) {
        UrlStructure.Breach breach = breach(template, x, y);

        assertThat(breach).extracting(UrlStructure.Breach::character).isEqualTo(character);
    }

    private static String json(String text) {
        return '"' + text.replace("\\", "\\\\") + '"';
    }

    private static UrlStructure.@Nullable Breach breach(String template, String... values) {
        var compiled = LIQUID.compile(List.of(template), Escape.NONE);
        String data = "{\"x\":" + json(values[0]) + ",\"y\":" + json(values[values.length - 1]) + "}";
        Scope scope = Scope.of(JsonReader.read(data.getBytes(UTF_8), compiled.projection()), true);
        PrintedValues printed = new PrintedValues();
        scope.watch(printed);
        Utf8Buffer out = new Utf8Buffer(64, 1 << 16);
        assertThat(compiled.templates().getFirst().render(scope, out)).isInstanceOf(RenderResult.Rendered.class);
        return UrlStructure.breach(out.array(), out.length(), printed.values());
    }
}
