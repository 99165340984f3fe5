package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** {@code CLAUSES.md} names every clause once, and tests that there are. */
class ClausesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (M\\d+) \\| .+ \\| ([^|]+) \\|$");
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+)(?:#([A-Za-z_]+))?`");
    private static final Path SOURCES = Path.of("src/test/java");

    record Row(String clause, String proof) {}

    static Stream<Row> rows() throws IOException {
        return ROW.matcher(Files.readString(Path.of("CLAUSES.md")))
                .results()
                .map(found -> new Row(found.group(1), found.group(2)));
    }

    @Test
    void everyClauseIsThereOnce() throws IOException {
        assertThat(rows().map(Row::clause))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 89).mapToObj(n -> "M" + n).toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aClauseHasTestsThatExistOrAReason(Row row) {
        List<MatchResult> tests = TEST.matcher(row.proof()).results().toList();

        assertThat(row.proof().startsWith("Not ours: ")).isEqualTo(tests.isEmpty());
        for (MatchResult test : tests) {
            assertThat(tests(test.group(1)))
                    .as(test.group())
                    .anyMatch(
                            method -> test.group(2) == null || method.getName().equals(test.group(2)));
        }
    }

    /** The test methods of all classes of that name. */
    private static List<Method> tests(String name) {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.endsWith(name + ".java"))
                    .flatMap(file -> Arrays.stream(type(file).getDeclaredMethods()))
                    .filter(method -> AnnotationSupport.isAnnotated(method, Testable.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> type(Path file) {
        String name = SOURCES.relativize(file).toString().replace(".java", "").replace('/', '.');
        try {
            return Class.forName(name, false, ClausesTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
