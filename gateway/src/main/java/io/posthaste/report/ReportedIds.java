package io.posthaste.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom and what a job was about: the ids of M84, found in the job's data. Each has the places it may stand in, the
 * first of them wins, and what stands nowhere is null: the person is the one whom the answer's attributes would land on.
 * Numbers keep their digits.
 */
final class ReportedIds {
    private static final JsonFactory JSON = new JsonFactory();

    private static final Map<String, List<String>> PLACES = Map.of(
            "customer_id", List.of("customer_id", "customer.id"),
            "campaign_id", List.of("campaign.id", "campaign_id"),
            "journey_id", List.of("journey.id", "message.journey_id", "journey_id"),
            "parent_action_id", List.of("message.parent_action_id", "parent_action_id"),
            "trigger_event_id", List.of("event_id", "trigger.event_id", "trigger_event_id"));

    private static final Map<String, List<String>> IDENTIFIERS = Map.of(
            "id", PLACES.get("customer_id"),
            "email", List.of("customer.email"),
            "cio_id", List.of("customer.cio_id"));

    /** Objects worth looking into. */
    private static final Set<String> OBJECTS = Set.of("customer", "campaign", "journey", "message", "trigger");

    private final Map<String, JsonNode> found = new HashMap<>();

    private ReportedIds() {}

    /** What could be found in a job's data; nothing in what is no JSON. One pass, most of it skipped. */
    static ObjectNode of(byte[] data) {
        ReportedIds ids = new ReportedIds();
        try (JsonParser parser = JSON.createParser(data)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                ids.collect(parser, "");
            }
        } catch (JsonProcessingException broken) {
            // Its delivery has failed for that; what stood before the fault counts.
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return ids.toJson();
    }

    private void collect(JsonParser parser, String prefix) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT && prefix.isEmpty() && OBJECTS.contains(name)) {
                collect(parser, name + ".");
            } else if (value.isStructStart()) {
                parser.skipChildren();
            } else if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                found.put(prefix + name, scalar(parser, value));
            }
        }
    }

    private static JsonNode scalar(JsonParser parser, JsonToken token) throws IOException {
        String text = parser.getText();
        return token == JsonToken.VALUE_STRING
                ? JsonNodeFactory.instance.textNode(text)
                : JsonNodeFactory.instance.rawValueNode(new RawValue(text));
    }

    private ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        PLACES.forEach((name, places) -> json.set(name, first(places)));
        ObjectNode identifiers = json.putObject("identifiers");
        IDENTIFIERS.forEach((name, places) -> identifiers.set(name, first(places)));
        return json;
    }

    private @Nullable JsonNode first(List<String> places) {
        return places.stream()
                .map(found::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
