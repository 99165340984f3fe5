package io.posthaste.liquid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.posthaste.liquid.parse.Escape;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Utf8Buffer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    private static final String DOUBLE = "{% assign a = a | append: a %}";
    private static final String NEST = "{% assign a = a | push: a %}";

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>>",
            quoteCharacter = '`',
            value = {
                "{% for i in (1..1000000) %}{% endfor %} =>> loop iterations",
                "{% for i in (1..200) %}{% for j in (1..200) %}{{ j }}{% endfor %}{% endfor %} =>> loop iterations",
                "{% for i in (1..9999999999999) %}{{ i }}{% endfor %} =>> loop iterations",
                "{{ (1..999999999) | join: ',' }} =>> bytes in one value",
                "{{ (1..999999999) | reverse | size }} =>> bytes in one value",
                "{{ (1..2147483647) | remove: 5 | size }} =>> bytes in one value",
                "{{ 5.5 | round: 100000000 }} =>> places to round to",
                "{{ huge | times: 2 }} =>> digits in a number",
                "{{ huge | plus: 1 | round: 5 }} =>> digits in a number",
            })
    void eachLimitIsNamed(String template, String limit) {
        assertThat(limit(template)).isEqualTo(limit);
    }

    @Test
    void aValueThatDoublesIsStoppedBeforeItFillsTheMemory() {
        assertThat(limit("{% assign a = 'xxxxxxxxxx' %}" + DOUBLE.repeat(40) + "{{ a }}"))
                .isEqualTo("bytes in one value");
        assertThat(limit("{% assign a = 'xxxxxxxxxx' %}" + DOUBLE.repeat(16) + "{{ a | replace: 'x', a }}"))
                .isEqualTo("bytes in one value");
        assertThat(limit("{% assign a = 'xxxxxxxxxx' %}" + DOUBLE.repeat(16) + "{{ a | replace: '', a }}"))
                .isEqualTo("bytes in one value");
        assertThat(limit("{% assign a = 'a,b' | split: ',' %}" + "{% assign a = a | concat: a %}".repeat(40)))
                .isEqualTo("bytes in one value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ a | to_json | size }}",
                "{{ a }}",
                "{% if a == a %}{% endif %}",
                "{{ a | join }}",
                "{{ a | uniq }}",
                "{{ a | sort }}"
            })
    void aListThatHoldsItselfManyTimesOverIsStopped(String use) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(limit("{% assign a = 'a' | split: ',' | pop %}" + NEST.repeat(100) + use))
                        .isIn(
                                "bytes in one value",
                                "levels of nesting in a value",
                                "output bytes",
                                "steps",
                                "values in lists and objects"));
    }

    /** A request has a URL, headers and a body: what each may take is what all may take. */
    @Test
    void templatesThatBelongTogetherShareOneBudget() {
        String half = "{% for i in (1..6000) %}{% endfor %}";
        Compiled compiled = Engines.plain().compile(List.of(half, half), Escape.NONE);
        Scope scope = Scope.of(JsonReader.read("{}".getBytes(UTF_8), compiled.projection()), false);

        assertThat(compiled.templates().get(0).render(scope, Engines.buffer()))
                .isInstanceOf(RenderResult.Rendered.class);
        assertThat(compiled.templates().get(1).render(scope, Engines.buffer()))
                .isInstanceOfSatisfying(
                        RenderResult.LimitExceeded.class,
                        limit -> assertThat(limit.limit()).isEqualTo("loop iterations"));
    }

    @Test
    void outputIsBounded() {
        Utf8Buffer out = new Utf8Buffer(64, 0);
        out.reset(1_000, "bytes in body");
        RenderResult result =
                Engines.render(Engines.plain(), "{% for i in (1..1000) %}0123456789{% endfor %}", "{}", out);
        assertThat(result)
                .isEqualTo(new RenderResult.LimitExceeded(
                        "bytes in body", "template limit exceeded: more than 1000 bytes in body", 1, 1));
    }

    @Test
    void theDeadlineEndsARenderThatGoesOnTooLong() {
        AtomicLong nanos = new AtomicLong();
        Liquid liquid = new Liquid(
                Dialect.PLAIN,
                Limits.DEFAULT,
                InstantSource.fixed(Engines.NOW),
                () -> nanos.getAndAdd(60_000_000),
                new Random(1));
        RenderResult result =
                Engines.render(liquid, "{% for i in (1..9000) %}{{ i }}{% endfor %}", "{}", Engines.buffer());
        assertThat(result).isInstanceOf(RenderResult.LimitExceeded.class);
        assertThat(((RenderResult.LimitExceeded) result).limit()).isEqualTo("milliseconds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m | md5", "m | slice: 0", "'a' | remove: l", "'a' | hmac_sha256: m"})
    void theDeadlineIsLookedAtWheneverAFilterGetsWhatMayTakeLong(String call) {
        AtomicLong nanos = new AtomicLong();
        Liquid liquid = new Liquid(
                Dialect.PLAIN,
                Limits.DEFAULT,
                InstantSource.fixed(Engines.NOW),
                () -> nanos.getAndAdd(30_000_000),
                new Random(1));
        RenderResult result = Engines.render(
                liquid, ("{{ " + call + " }}").repeat(10), "{\"m\":{\"a\":1},\"l\":[1,2]}", Engines.buffer());
        assertThat(result).isInstanceOf(RenderResult.LimitExceeded.class);
        assertThat(((RenderResult.LimitExceeded) result).limit()).isEqualTo("milliseconds");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ s | strip_html }}",
                "{{ s | rstrip }}",
                "{{ s | lstrip }}",
                "{{ s | strip }}",
                "{{ s | split: ' ' | size }}",
                "{{ s | escape_once }}",
                "{{ s | normalize_whitespace }}",
                "{{ s | truncatewords: 3 }}",
                "{{ s | slugify }}",
                "{{ s | url_decode }}",
                "{{ s | newline_to_br }}",
                "{{ s | number_of_words }}",
                "{{ s | date: '%Y' }}",
                "{{ s | to_json }}",
                "{{ s | titlecase }}",
                "{{ s | plus: 1 }}",
                "{{ s | remove: ' ' }}",
                "{{ s | replace_last: 'x', 'y' }}",
                "{{ s | from_json }}",
                "{{ s | base64_decode }}",
                "{{ s | uri_escape | size }}",
            })
    void everyTextFilterIsLinearInHostileText(String template) {
        for (String unit : new String[] {"<script", " ", "&amp", "<!--", "<", "%2", "\n\r", "1", "a ", "é"}) {
            assertLinear(template, size -> "{\"s\":" + quoted(unit.repeat(size / unit.length()) + "x") + "}");
        }
    }

    /** Quadratic work on a text eight times as long takes 64 times as long; what takes next to nothing is not looked at. */
    private static void assertLinear(String template, IntFunction<String> data) {
        long small = cpuNanos(template, data.apply(30_000));
        long large = cpuNanos(template, data.apply(240_000));
        assertThat(large < 50_000_000 || large < 24 * small)
                .as(template + " takes " + large + " ns for eight times what takes " + small)
                .isTrue();
    }

    /** Time that this thread computes, so that a busy machine does not count; the least of three runs. */
    private static long cpuNanos(String template, String data) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = threads.getCurrentThreadCpuTime();
            Engines.render(Engines.plain(), template, data, Engines.buffer());
            least = Math.min(least, threads.getCurrentThreadCpuTime() - start);
        }
        return least;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ a | uniq | size }}",
                "{{ a | sort | first }}",
                "{{ a | sort_natural | last }}",
                "{{ a | compact | size }}",
                "{{ a | group_by: 'k' | size }}",
                "{{ a | where_exp: 'i', 'i > 3' | size }}",
                "{{ a | concat: a | size }}",
                "{{ a | reverse | first }}",
                "{{ a | join | size }}",
                "{{ a | json_array_uniq: 'k' | size }}",
                "{{ a | sum }}",
                "{{ a | find_index: 'k' }}",
            })
    void everyListFilterIsLinearInItsItems(String template) {
        assertLinear(
                template,
                size -> IntStream.range(0, size / 4)
                        .mapToObj(i -> template.contains("'k'") ? "{\"k\":" + i + "}" : "" + i)
                        .collect(Collectors.joining(",", "{\"a\":[", "]}")));
    }

    private static String quoted(String text) {
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r") + "\"";
    }

    private static String limit(String template) {
        Compiled compiled = Engines.plain().compile(template);
        Object[] data = JsonReader.read("{\"huge\": 1e9999999}".getBytes(UTF_8), compiled.projection());
        RenderResult result = compiled.templates().get(0).render(Scope.of(data, false), Engines.buffer());
        return result instanceof RenderResult.LimitExceeded limit ? limit.limit() : result.toString();
    }
}
