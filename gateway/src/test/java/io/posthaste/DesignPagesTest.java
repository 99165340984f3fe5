package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.redis.RedisKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of the design know what the code cites. */
class DesignPagesTest {
    private static final Path PAGES = Path.of("../docs/design");
    private static final Pattern RULE = Pattern.compile("\\b((?:SSRF|RSP|SIG|TPL|JOB|SEC|ADM)-\\d+|[FP]\\d{1,2})\\b");

    @Test
    void everyRuleThatACommentCitesIsOnItsPage() throws IOException {
        String rules = Files.readString(PAGES.resolve("rules.md"));
        Set<String> cited = new TreeSet<>();
        sources()
                .forEach(file -> comments(file)
                        .forEach(line -> RULE.matcher(line).results().forEach(rule -> cited.add(rule.group(1)))));

        assertThat(cited)
                .hasSizeGreaterThan(30)
                .allSatisfy(rule -> assertThat(rules).contains("| " + rule + " |"));
    }

    @Test
    void everyKeyIsOnItsPage() throws Exception {
        String page = Files.readString(PAGES.resolve("keys.md"));
        RedisKeys keys = new RedisKeys("0");
        for (Method method : RedisKeys.class.getDeclaredMethods()) {
            boolean isKey = method.getReturnType() == String.class
                    && !Set.of("tag", "prefix", "toString", "history").contains(method.getName());
            if (isKey) {
                Object[] names = Arrays.stream(method.getParameters())
                        .map(parameter -> (Object) "")
                        .toArray();
                String key = ((String) method.invoke(keys, names))
                        .substring(keys.prefix().length());
                assertThat(page).contains("| `" + key);
            }
        }
    }

    @Test
    void everyPageIsInTheIndexAndNarrow() throws IOException {
        String index = Files.readString(PAGES.resolve("README.md"));
        try (Stream<Path> pages = Files.list(PAGES)) {
            for (Path page : pages.toList()) {
                String name = page.getFileName().toString();
                assertThat(name.equals("README.md") || index.contains("](" + name + ")"))
                        .as(name)
                        .isTrue();
                assertThat(Files.readAllLines(page))
                        .as(name)
                        .filteredOn(line -> !line.startsWith("|"))
                        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(120));
            }
        }
    }

    @Test
    void everyCallOfTheApiIsOnItsPage() throws IOException {
        String page = Files.readString(Path.of("../docs/api.md"));
        JsonNode paths = new ObjectMapper()
                .readTree(Path.of("src/main/resources/openapi.json").toFile())
                .path("paths");
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(call -> {
                    String method = call.getKey().toUpperCase(Locale.ROOT);
                    boolean bin = path.getKey().startsWith("/bin/");
                    if (Set.of("GET", "PUT", "POST", "PATCH", "DELETE").contains(method)) {
                        assertThat(page).contains("| " + (bin ? "any method" : method) + " `" + path.getKey() + "`");
                    }
                }));
    }

    @Test
    void everyMetricThatOperatorsAreSentToIsThere() throws IOException {
        Matcher metric =
                Pattern.compile("`(posthaste_[a-z_]+)`").matcher(Files.readString(Path.of("../docs/operating.md")));
        StringBuilder code = new StringBuilder();
        for (Path file : sources()) {
            code.append(Files.readString(file));
        }
        while (metric.find()) {
            String name = metric.group(1).replaceFirst("_total$|_seconds$", "").replace('_', '.');
            assertThat(code).as(metric.group(1)).contains('"' + name);
        }
    }

    @Test
    void whatContributorsAreSentToIsThere() throws IOException {
        Matcher file = Pattern.compile("`([./\\w-]+/[./\\w-]+)`")
                .matcher(Files.readString(Path.of("../CONTRIBUTING.md")).split("## I want to change")[1]);
        Path sources = Path.of("src/main/java/io/posthaste");
        while (file.find()) {
            boolean there = Stream.of(sources, Path.of(".."), Path.of("src/test/java/io/posthaste"))
                    .anyMatch(root -> Files.exists(root.resolve(file.group(1))));
            assertThat(there).as(file.group(1)).isTrue();
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            return files.filter(file -> file.toString().matches(".*\\.(java|lua)"))
                    .toList();
        }
    }

    private static Stream<String> comments(Path file) {
        try {
            return Files.readAllLines(file).stream().filter(line -> line.matches("\\s*(\\*|/\\*\\*|//|--).*"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
