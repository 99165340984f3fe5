package io.posthaste;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The rules of {@code config/alerts.yaml}. */
record AlertRules(JsonNode document) {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern DURATION = Pattern.compile("(?<![\\w.])(\\d+)([smhd])\\b");
    private static final Pattern SERIES = Pattern.compile("\\bposthaste_\\w+");

    static AlertRules read() throws IOException {
        return new AlertRules(
                YAML.readTree(PrometheusServer.CONFIG.resolve("alerts.yaml").toFile()));
    }

    Iterable<JsonNode> rules() {
        return document.at("/groups/0/rules");
    }

    Set<String> names() {
        return StreamSupport.stream(rules().spliterator(), false)
                .map(rule -> rule.path("alert").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What they look at of a gateway's own. */
    Set<String> series() {
        Set<String> series = new TreeSet<>();
        rules().forEach(rule ->
                SERIES.matcher(rule.path("expr").asText()).results().forEach(found -> series.add(found.group())));
        return series;
    }

    /**
     * A copy for which time goes faster: how far back rules look, and how long a fault must last, is shorter by these. Else
     * they are the same; numbers that are compared with, ages among them, stay.
     */
    Path faster(int lookingBack, int lasting, Path directory) throws IOException {
        JsonNode copy = document.deepCopy();
        for (JsonNode rule : new AlertRules(copy).rules()) {
            shorten((ObjectNode) rule, "expr", lookingBack);
            shorten((ObjectNode) rule, "for", lasting);
        }
        return Files.writeString(directory.resolve("alerts-faster.yaml"), YAML.writeValueAsString(copy));
    }

    private static void shorten(ObjectNode rule, String field, int times) {
        if (rule.has(field)) {
            rule.put(field, shorter(rule.path(field).asText(), times));
        }
    }

    private static String shorter(String text, int times) {
        return DURATION.matcher(text)
                .replaceAll(found -> Duration.parse((found.group(2).equals("d") ? "P" : "PT")
                                        + found.group().toUpperCase(Locale.ROOT))
                                .dividedBy(times)
                                .toMillis()
                        + "ms");
    }
}
