package io.posthaste.store.reporting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.json.Fields;
import io.posthaste.json.MalformedJson;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.store.reporting.ReportingWebhook.Metric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reporting webhooks as JSON, read strictly: what the API takes and gives, and what Redis keeps. */
public final class ReportingWebhookCodec {
    private static final int MAX_URL = 8192;
    private static final Map<String, Metric> METRICS = metrics();

    /** What the answer adds: accepted and ignored, so that what was read can be sent back. */
    private static final List<String> READ_ONLY = List.of("created_at", "updated_at", "warnings", "status");

    private final StrictJson json = new StrictJson();

    /**
     * What could be made of a definition.
     *
     * @param webhook of use only when there are no problems
     */
    public record Reading(ReportingWebhook webhook, List<Problem> problems) {}

    /** Reads a definition that is to be stored as {@code id}; the store sets its times. */
    public Reading read(String id, JsonNode definition) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", definition, problems);
        List<Metric> metrics = fields.list(
                "metrics", List.copyOf(Metric.OF_DELIVERIES), METRICS.size(), (at, node) -> metric(fields, at, node));
        if (metrics.isEmpty() && problems.isEmpty()) {
            fields.problem("metrics", "is empty", "name at least one, or leave it out for all about deliveries");
        }
        ReportingWebhook webhook = new ReportingWebhook(
                id,
                fields.text("url", null, MAX_URL),
                Set.copyOf(metrics),
                fields.flag("with_content", false),
                fields.flag("enabled", true),
                0,
                0);
        if (!fields.text("id", id, 64).equals(id)) {
            fields.problem("id", "differs from the id in the path", "leave it out, or write '" + id + "'");
        }
        READ_ONLY.forEach(fields::ignore);
        fields.finish();
        return new Reading(webhook, List.copyOf(problems));
    }

    /** Reads what the store wrote; it is checked like anything else from outside. {@link MalformedJson} if it is none. */
    Reading stored(String id, String document) {
        JsonNode node = json.read(document);
        Reading reading = read(id, node);
        ReportingWebhook read = reading.webhook();
        ReportingWebhook dated = new ReportingWebhook(
                id,
                read.url(),
                read.metrics(),
                read.withContent(),
                read.enabled(),
                node.path("created_at").asLong(),
                node.path("updated_at").asLong());
        return new Reading(dated, reading.problems());
    }

    /** The definition alone: no id and no times. */
    public ObjectNode write(ReportingWebhook webhook) {
        ObjectNode out = JsonNodeFactory.instance.objectNode().put("url", webhook.url());
        ArrayNode metrics = out.putArray("metrics");
        webhook.metrics().stream().sorted().forEach(metric -> metrics.add(word(metric)));
        return out.put("with_content", webhook.withContent()).put("enabled", webhook.enabled());
    }

    private static @Nullable Metric metric(Fields fields, String at, JsonNode node) {
        Metric metric = node.isTextual() ? METRICS.get(node.textValue()) : null;
        if (metric == null) {
            fields.add(Problem.of(at, "is " + Fields.kind(node), "one of " + String.join(", ", METRICS.keySet())));
        }
        return metric;
    }

    private static Map<String, Metric> metrics() {
        Map<String, Metric> words = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            words.put(word(metric), metric);
        }
        return Collections.unmodifiableMap(words);
    }

    private static String word(Metric metric) {
        return metric.name().toLowerCase(Locale.ROOT);
    }
}
