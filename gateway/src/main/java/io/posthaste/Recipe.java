package io.posthaste;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A sample webhook: what to send and what must come out.
 *
 * @param definition as the API takes it, the partner's own address still in it
 * @param data a job's data
 * @param expected the body for these data
 */
record Recipe(String id, String name, ObjectNode definition, ObjectNode data, String expected) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The samples that ship with the gateway; {@code today} is what {@code now} prints. */
    static List<Recipe> all(LocalDate today) {
        JsonNode file = read();
        String then =
                LocalDate.ofEpochDay(file.path("now_epoch").asLong() / 86_400).toString();
        List<Recipe> recipes = new ArrayList<>();
        for (JsonNode sample : file.path("recipes")) {
            boolean hostile = sample.path("hostile").asBoolean();
            ObjectNode data = JSON.createObjectNode();
            data.set("customer", file.path(hostile ? "hostile_person" : "person"));
            data.set("event", file.path(hostile ? "hostile_event" : "event"));
            String expected = sample.path("rendered").asText().replace(then, today.toString());
            recipes.add(new Recipe(
                    sample.path("id").asText(), sample.path("name").asText(), definition(sample), data, expected));
        }
        return recipes;
    }

    /** The same action sent to {@code address} instead of the partner's host; credentials stay (M7). */
    ObjectNode sentTo(String address) {
        String url = definition.path("url").asText();
        int scheme = url.indexOf("://") + 3;
        int path = url.indexOf('/', scheme);
        String authority = url.substring(scheme, path);
        String credentials = authority.substring(0, authority.lastIndexOf('@') + 1);
        return definition.deepCopy().put("url", address.replace("://", "://" + credentials));
    }

    private static ObjectNode definition(JsonNode sample) {
        ObjectNode definition = JSON.createObjectNode();
        definition.put("name", sample.path("name").asText());
        definition.put("method", sample.path("method").asText());
        definition.put("url", sample.path("url").asText());
        var headers = definition.putArray("headers");
        sample.path("headers")
                .properties()
                .forEach(header -> headers.addObject()
                        .put("name", header.getKey())
                        .put("value", header.getValue().asText()));
        return definition.put("body", sample.path("body").asText());
    }

    private static JsonNode read() {
        try (InputStream file = Objects.requireNonNull(Recipe.class.getResourceAsStream("/recipes.json"))) {
            return JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
