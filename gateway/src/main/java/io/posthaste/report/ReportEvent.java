package io.posthaste.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.store.reporting.ReportFeed;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A state change as its receivers read it (M84). */
final class ReportEvent {
    /** Numbers keep their digits: 19.90 is no 19.9. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final String id;
    private final Map<String, String> fields;

    /** @param shard the tag of the stream's shard: with it, the entry's id is unique and the same at every attempt */
    ReportEvent(String shard, ReportFeed.Entry entry) {
        this.id = shard + "-" + entry.id();
        this.fields = entry.fields();
    }

    String id() {
        return id;
    }

    String deliveryId() {
        return text("id");
    }

    /** In lower case, as the engine's scripts write it. */
    String metric() {
        return text("metric");
    }

    /** Epoch milliseconds. */
    long at() {
        String at = text("at");
        return at.matches("\\d{1,15}") ? Long.parseLong(at) : 0;
    }

    /** @param withContent whether the body that was sent goes along, where it is known */
    byte[] json(boolean withContent) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        String object = text("object");
        event.put("event_id", id).put("object_type", object.isEmpty() ? "webhook" : object);
        event.put("metric", metric()).put("timestamp", at() / 1000);
        event.set("data", object.isEmpty() ? data(withContent) : trouble(object));
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What is wrong with a lane or a connection. */
    private ObjectNode trouble(String object) {
        String name = object.equals("lane") ? "action_id" : object;
        return JsonNodeFactory.instance.objectNode().put(name, text("subject")).put("message", text("reason"));
    }

    private ObjectNode data(boolean withContent) {
        ObjectNode data = details();
        if (!withContent) {
            data.remove("content");
        }
        data.put("delivery_id", deliveryId());
        data.put("action_id", text("action").isEmpty() ? null : text("action"));
        // What came of the answer's attributes is no failure of what was sent.
        if (!text("reason").isEmpty() && !metric().equals("sent")) {
            data.put("failure_message", text("reason"));
        }
        return data;
    }

    private ObjectNode details() {
        String details = text("details");
        if (details.isEmpty()) {
            return ReportedIds.of(text("data").getBytes(StandardCharsets.UTF_8));
        }
        try {
            JsonNode node = JSON.readTree(details);
            return node.isObject() ? (ObjectNode) node : ReportedIds.of(new byte[0]);
        } catch (JsonProcessingException damaged) {
            // The rest of the event stands beside it, and is told.
            return ReportedIds.of(new byte[0]);
        }
    }

    private String text(String name) {
        return fields.getOrDefault(name, "");
    }
}
