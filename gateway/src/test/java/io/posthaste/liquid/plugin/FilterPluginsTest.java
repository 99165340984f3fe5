package io.posthaste.liquid.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.liquid.Compiled;
import io.posthaste.liquid.Dialect;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.filter.Filter;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Utf8Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import liqp.TemplateContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterPluginsTest {
    private static final String HERE = FilterPluginsTest.class.getName();

    /** What a team that comes from Liqp has: gives its input, its arguments and their Java types. */
    public static final class Described extends liqp.filters.Filter {
        public Described() {
            super("described");
        }

        @Override
        public Object apply(@Nullable Object value, TemplateContext context, @Nullable Object... params) {
            StringBuilder out = new StringBuilder(kind(value));
            for (Object param : params) {
                out.append(',').append(kind(param));
            }
            return out;
        }

        private static String kind(@Nullable Object value) {
            return value == null ? "null" : value.getClass().getSimpleName() + ' ' + value;
        }
    }

    public static final class Given extends liqp.filters.Filter {
        public Given() {
            super("given");
        }

        @Override
        public @Nullable Object apply(@Nullable Object value, TemplateContext context, @Nullable Object... params) {
            return switch (String.valueOf(value)) {
                case "nothing" -> null;
                case "int" -> 3;
                case "double" -> 2.5;
                case "nan" -> Double.NaN;
                case "list" -> List.of(1, "two", Map.of("three", 3.0f));
                case "array" -> new Object[] {1, true};
                case "long" -> "x".repeat(2 << 20);
                default -> throw new IllegalStateException("no " + value + " here");
            };
        }
    }

    public static final class Upcase extends liqp.filters.Filter {}

    public static final class Same extends liqp.filters.Filter {
        public Same() {
            super("described");
        }
    }

    public static final class Odd extends liqp.filters.Filter {
        public Odd() {
            super("two words");
        }
    }

    public static final class Demanding extends liqp.filters.Filter {
        public Demanding(int what) {
            super("demanding" + what);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>>",
            value = {
                "{{ 'a' | described }} =>> String a",
                "{{ 1 | described: 2.50, nil, true }} =>> Long 1,BigDecimal 2.5,null,Boolean true",
                "{{ list | described }} =>> ArrayList [1, null]",
                "{{ object | described: big }} =>> LinkedHashMap {a={b=x}},BigDecimal 12345678901234567890",
                "{{ nosuch | described }} =>> null",
                "{{ 'x' | described | upcase }} =>> STRING X",
                "{{ 'nothing' | given | default: 'none' }} =>> none",
                "{{ 'int' | given | plus: 1 }} {{ 'double' | given | plus: 1 }} =>> 4 3.5",
                "{{ 'list' | given | to_json }} {{ 'array' | given | to_json }} =>> [1,\"two\",{\"three\":3.0}] [1,true]",
                "{{ 'nan' | given }} =>> a filter gave NaN, which is no number that can be written",
                "{{ 'pity' | given }} =>> given failed: no pity here",
                "{{ 'long' | given }} =>> template limit exceeded: more than 1048576 bytes in one value",
            })
    void aLiqpFilterTakesAndGivesValues(String template, String expected) {
        FilterPlugins.Loaded loaded = FilterPlugins.load(List.of(HERE + "$Described", HERE + "$Given"), List.of());
        assertThat(loaded.problems()).isEmpty();
        assertThat(render(loaded.filters(), template)).isEqualTo(expected);
    }

    @Test
    void everyClassThatCannotServeIsNamedWithTheReason() {
        FilterPlugins.Loaded loaded = FilterPlugins.load(
                List.of(
                        "com.acme.Nowhere",
                        "java.lang.String",
                        "liqp.filters.Filter",
                        HERE + "$Demanding",
                        HERE + "$Odd",
                        HERE + "$Upcase",
                        HERE + "$Described",
                        HERE + "$Same"),
                List.of(Path.of("no", "such.jar")));
        assertThat(loaded.filters()).containsOnlyKeys("described");
        assertThat(loaded.problems())
                .containsExactly(
                        "there is no readable jar no/such.jar",
                        "there is no class com.acme.Nowhere; name its jar in render.filter-jars",
                        "java.lang.String is no filter; it must be a concrete subclass of liqp.filters.Filter",
                        "liqp.filters.Filter is no filter; it must be a concrete subclass of liqp.filters.Filter",
                        HERE + "$Demanding needs a public constructor without parameters, in a public class",
                        HERE + "$Odd calls its filter 'two words', which templates cannot write",
                        HERE + "$Upcase calls its filter upcase, and there is a built-in filter of that name",
                        HERE + "$Same calls its filter described, as another of these classes does");
    }

    @Test
    void aFilterIsFoundInAJar(@TempDir Path directory) throws IOException {
        Path source = directory.resolve("Shout.java");
        Files.writeString(source, """
                public class Shout extends liqp.filters.Filter {
                    public Object apply(Object value, liqp.TemplateContext context, Object... params) {
                        return value + "!";
                    }
                }
                """);
        String classPath = System.getProperty("java.class.path");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-cp", classPath, source.toString()))
                .isZero();
        Path jar = directory.resolve("shout.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("Shout.class"));
            out.write(Files.readAllBytes(directory.resolve("Shout.class")));
        }
        FilterPlugins.Loaded loaded = FilterPlugins.load(List.of("Shout"), List.of(jar));
        assertThat(loaded.problems()).isEmpty();
        assertThat(render(loaded.filters(), "{{ 'hello' | shout }}")).isEqualTo("hello!");
    }

    private static String render(Map<String, Filter> filters, String template) {
        Dialect dialect = new Dialect(Set.of(), Set.of(), Set.of(), Map.of(), filters);
        Liquid liquid = new Liquid(dialect, Limits.DEFAULT, InstantSource.system(), () -> 0, new Random(1));
        Compiled compiled = liquid.compile(template);
        byte[] data =
                "{\"list\":[1,null],\"object\":{\"a\":{\"b\":\"x\"}},\"big\":12345678901234567890}".getBytes(UTF_8);
        Utf8Buffer out = new Utf8Buffer(64, 1 << 20);
        RenderResult result =
                compiled.templates().get(0).render(Scope.of(JsonReader.read(data, compiled.projection()), false), out);
        return switch (result) {
            case RenderResult.Failed failed -> failed.reason();
            case RenderResult.LimitExceeded limit -> limit.reason();
            default -> out.toString();
        };
    }
}
