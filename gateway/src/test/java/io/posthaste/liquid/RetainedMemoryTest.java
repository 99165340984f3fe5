package io.posthaste.liquid;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.value.JsonReader;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All values of a render count against one sum, and every filter pays for what it looks at. */
class RetainedMemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The clock stands still, so that nothing but the work that is counted ends a render. */
    private static final Liquid LIQUID =
            new Liquid(Dialect.PLAIN, Limits.DEFAULT, InstantSource.fixed(Engines.NOW), () -> 0, new Random(1));

    private static final long MOST_MADE = 256L << 20;

    private static final String TEXT_OF_A_MEBIBYTE =
            "{% assign t = 'xxxxxxxxxxxxxxxx' %}" + "{% assign t = t | append: t %}".repeat(16);

    private static final String LIST_OF_IT =
            "{% assign l = 'a' | split: ',' | pop %}{% for i in (1..512) %}{% assign l = l | push: t %}{% endfor %}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% assign v# = k | from_json %}",
                "{% assign v# = k | split: '' %}",
                "{% assign v# = k | split: ',' %}",
                "{% capture v# %}{{ k }}{% endcapture %}",
                "{% assign v# = k | append: '#' %}",
                "{% assign v# = k | split: ',' | reverse %}",
            })
    void valuesThatAreEachSmallEnoughAreTogetherTooMuch(String assignment) {
        StringBuilder template = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            template.append(assignment.replace("#", Integer.toString(i)));
        }
        String text = "[{}" + ",{}".repeat(80_000) + "]";

        long before = THREADS.getCurrentThreadAllocatedBytes();
        RenderResult result = render(template.toString(), "{\"k\":\"" + text + "\"}");

        assertThat(result)
                .isInstanceOfSatisfying(
                        RenderResult.LimitExceeded.class,
                        limit -> assertThat(limit.limit()).isIn("bytes in all values", "steps"));
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_MADE);
    }

    static Stream<String> selections() {
        return Stream.of(
                "map: 0",
                "map: 'y'",
                "sort: 'y'",
                "sort",
                "sort_natural: 0",
                "uniq: 'y'",
                "where: 'y'",
                "where_not: 0",
                "reject: 'y'",
                "find: 'y'",
                "find_index: 'y'",
                "has: 'y'",
                "sum: 'y'",
                "compact: 'y'",
                "group_by: 'y'");
    }

    @ParameterizedTest
    @MethodSource("selections")
    void selectingFromLongTextsIsPaidForByTheirLength(String filter) {
        // 512 references to one text of 1 MiB: looking through all of them is eight million steps.
        String use = "{{ l | " + filter + " | size }}";

        RenderResult result = render(TEXT_OF_A_MEBIBYTE + LIST_OF_IT + use, "{}");

        assertThat(result)
                .isInstanceOfSatisfying(
                        RenderResult.LimitExceeded.class,
                        limit -> assertThat(limit.limit()).isEqualTo("steps"));
    }

    @Test
    void whatTemplatesNeedIsFarFromTheLimit() {
        String people = "[" + "{\"name\":\"Ada\",\"plan\":\"pro\",\"seats\":12},".repeat(3_999) + "{}]";
        String template =
                "{% assign p = people | where: 'plan', 'pro' | sort: 'name' | map: 'seats' | uniq %}{{ p | sum }}";

        assertThat(render(template, "{\"people\":" + people + "}")).isInstanceOf(RenderResult.Rendered.class);
    }

    private static RenderResult render(String template, String data) {
        Compiled compiled = LIQUID.compile(template);
        Object[] values = JsonReader.read(data.getBytes(UTF_8), compiled.projection());
        return compiled.templates().get(0).render(Scope.of(values, false), Engines.buffer());
    }
}
