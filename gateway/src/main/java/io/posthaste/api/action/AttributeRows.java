package io.posthaste.api.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.SecretValues;
import io.posthaste.liquid.value.JsonWriter;
import io.posthaste.liquid.value.Utf8Buffer;
import io.posthaste.render.Attributes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** Shows what attributes would become: each with its value, or with the error that it would fail with. */
final class AttributeRows {
    private AttributeRows() {}

    static void put(ArrayNode rows, Map<String, AttributeUpdate> updates, SecretValues secrets) {
        updates.forEach((attribute, update) -> {
            ObjectNode row = rows.addObject().put("attribute", attribute);
            switch (update) {
                case AttributeUpdate.Change change -> putValue(row, value(attribute, change), secrets);
                case AttributeUpdate.Failed failed -> row.put("error", secrets.hide(failed.reason()));
            }
        });
    }

    private static Object value(String attribute, AttributeUpdate.Change change) {
        return Objects.requireNonNull(Attributes.read(change.set()).get(attribute));
    }

    private static void putValue(ObjectNode row, Object value, SecretValues secrets) {
        if (value instanceof String text) {
            row.put("value", secrets.hide(text));
            return;
        }
        String json = json(value);
        String shown = secrets.hide(json);
        if (shown.equals(json)) {
            row.putRawValue("value", new RawValue(json));
        } else {
            // With a secret hidden inside it may be no JSON any more.
            row.put("value", shown);
        }
    }

    /** Numbers keep their text. */
    private static String json(Object value) {
        Utf8Buffer out = new Utf8Buffer(512, 0);
        out.reset(Attributes.MAX_BYTES, "bytes of attributes");
        JsonWriter.COMPACT.write(value, out);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
}
