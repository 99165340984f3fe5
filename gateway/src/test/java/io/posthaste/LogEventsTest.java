package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.metrics.LogJson;
import io.posthaste.store.alert.Alert;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** {@code docs/log-events.md} lists what the sources log: {@code POSTHASTE_DOCS=write} renews it; and what JSON makes of it. */
class LogEventsTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path PAGE = Path.of("../docs/log-events.md");
    private static final Pattern STATEMENT = Pattern.compile(
            "log\\.at(Trace|Debug|Info|Warn|Error)\\(\\)((?:\\s*\\.addKeyValue\\(\"[a-z_]+\",(?:[^;]*?)\\))*)[^;]*?\\.log\\(([^;]*?)\\);",
            Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile("addKeyValue\\(\\s*\"([a-z_]+)\"");
    private static final Pattern NAME = Pattern.compile("\"([a-z]+\\.[a-z_]+)\"");
    private static final Pattern TOLD = Pattern.compile("(?:bugs|told)\\.tell\\((?:[a-z]+, )?\"([a-z]+\\.[a-z_]+)\"");

    private static final String BEGINNING = """
            # Log events

            Everything a gateway writes to standard error, by the event's name, which does not change. `log.format: json` makes a
            line of JSON of each: `time`, `level`, `logger` and `event`, then the fields below, and `error` for what was thrown.
            `PUT /v1/log` changes the level while it runs. Deliveries that succeed are counted, not logged.

            | event | level | fields |
            |---|---|---|
            """;

    private static final List<String> BUG = List.of("bug", "delivery", "times");
    private static final List<String> TOLD_OF =
            List.of("attempt", "delivery", "elapsed_ms", "lane", "more", "reason", "trace");

    /** @param fields in order of their names */
    private record Event(String level, TreeSet<String> fields) {}

    @Test
    void thePageHasEveryEventOfTheSources() throws IOException {
        String page = page();
        if ("write".equals(System.getenv("POSTHASTE_DOCS"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("renew it: POSTHASTE_DOCS=write mvn -pl gateway test -Dtest=LogEventsTest")
                .isEqualTo(page);
        assertThat(page).contains("| `claim.failed` |", "| `delivery.retried` |", "| `api.changed` |");
    }

    @Test
    void anEventIsALineOfJsonThatNothingInItCanEnd() throws IOException {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("io.posthaste.Test"), Level.WARN, "e.f", new IOException("x"), null);
        event.addKeyValuePair(new KeyValuePair("number", 7));
        event.addKeyValuePair(new KeyValuePair("reason", "a\"b\\c\n\u2028\u202e\ud83d\ude00ü"));
        event.addKeyValuePair(new KeyValuePair("level", "forged"));

        String line = new String(new LogJson().encode(event), StandardCharsets.UTF_8);
        JsonNode read = new ObjectMapper().readTree(line);

        assertThat(line).hasLineCount(1).doesNotContain("\u2028", "\u202e");
        assertThat(read.path("level").asText()).isEqualTo("warn");
        assertThat(read.path("event").asText()).isEqualTo("e.f");
        assertThat(read.path("number").isInt()).isTrue();
        assertThat(read.path("reason").asText()).isEqualTo("a\"b\\c\n\u2028\u202e\ud83d\ude00ü");
        assertThat(read.path("error").asText()).startsWith("java.io.IOException: x\n");
    }

    private static String page() throws IOException {
        Map<String, Event> events = new TreeMap<>();
        for (Path file : sources()) {
            String text = Files.readString(file);
            Matcher statement = STATEMENT.matcher(text);
            while (statement.find()) {
                add(events, statement.group(3), statement.group(1), fields(statement.group()));
            }
            TOLD.matcher(text)
                    .results()
                    .forEach(told -> add(
                            events,
                            '"' + told.group(1) + '"',
                            told.group().startsWith("bugs") ? "Error" : "Info",
                            told.group().startsWith("bugs") ? BUG : TOLD_OF));
            if (file.endsWith("Api.java")) {
                NAME.matcher(text)
                        .results()
                        .filter(name -> name.group(1).startsWith("api."))
                        .forEach(name -> add(
                                events,
                                name.group(),
                                "Info",
                                List.of("from", "method", "path", "request", "status", "who")));
            }
        }
        for (Alert.Kind kind : Alert.Kind.values()) {
            add(events, "\"alert." + kind.begins() + '"', "Warn", List.of(kind.object(), "reason"));
        }
        return BEGINNING
                + events.entrySet().stream()
                        .map(event -> "| `%s` | %s | %s |\n"
                                .formatted(
                                        event.getKey(),
                                        event.getValue().level().toLowerCase(Locale.ROOT),
                                        event.getValue().fields().stream()
                                                .map(field -> "`" + field + "`")
                                                .collect(Collectors.joining(", "))))
                        .collect(Collectors.joining());
    }

    private static void add(Map<String, Event> events, String names, String level, List<String> fields) {
        NAME.matcher(names)
                .results()
                .forEach(name -> events.computeIfAbsent(name.group(1), none -> new Event(level, new TreeSet<>()))
                        .fields()
                        .addAll(fields));
    }

    private static List<String> fields(String statement) {
        return FIELD.matcher(statement).results().map(field -> field.group(1)).toList();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }
}
