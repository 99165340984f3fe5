package io.posthaste.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A sample webhook: what to send, what must come out, and what the partner answers.
 *
 * @param definition as the API takes it, the partner's own address still in it
 * @param data a job's data; they name the {@link #person}
 * @param expected the body for these data
 * @param answer how the request bin is to answer in the partner's place
 * @param partner what the partner looks at
 * @param secrets values that it uses, by their names in the demo
 */
record Recipe(
        String id,
        String name,
        ObjectNode definition,
        ObjectNode data,
        String expected,
        ObjectNode answer,
        Partner partner,
        Map<String, String> secrets) {
    /** In front of the names of secrets and connections, so that nobody's own are touched. */
    private static final String DEMO = "demo_";

    /** Stands in what is expected for the key of the delivery. */
    private static final String KEY = "DELIVERY-KEY";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The samples that ship with the gateway; {@code today} is what {@code now} prints. */
    static List<Recipe> all(LocalDate today) {
        JsonNode file = read("/recipes.json");
        JsonNode partners = read("/partners.json");
        String then =
                LocalDate.ofEpochDay(file.path("now_epoch").asLong() / 86_400).toString();
        List<JsonNode> samples = new ArrayList<>();
        file.path("recipes").forEach(samples::add);
        samples.add(partners.path("payment"));
        read("/gallery.json").path("recipes").forEach(samples::add);
        return samples.stream()
                .map(sample -> new Recipe(
                        sample.path("id").asText(),
                        sample.path("name").asText(),
                        definition(sample, partner(partners, sample).path("attributes")),
                        data(file, sample.path("hostile").asBoolean(), partners),
                        sample.path("rendered").asText().replace(then, today.toString()),
                        answer(partner(partners, sample)),
                        new Partner(partner(partners, sample).path("wants")),
                        secrets(sample)))
                .toList();
    }

    /** The stored person whom the answers change: {@code id}, and {@code attributes} to begin with. */
    static JsonNode person() {
        return read("/partners.json").path("person");
    }

    private static JsonNode partner(JsonNode partners, JsonNode sample) {
        return sample.has("partner")
                ? sample.path("partner")
                : partners.path("partners").path(sample.path("id").asText());
    }

    private static Map<String, String> secrets(JsonNode sample) {
        Map<String, String> secrets = new TreeMap<>();
        sample.path("secrets")
                .properties()
                .forEach(secret ->
                        secrets.put(DEMO + secret.getKey(), secret.getValue().asText()));
        return secrets;
    }

    /** The body that a delivery of this idempotency key has. */
    String expected(String key) {
        return expected.replace(KEY, key);
    }

    /** The connection that it needs, by its name in the demo; empty for none. */
    String connection() {
        return definition.path("connection").asText();
    }

    private static ObjectNode data(JsonNode file, boolean hostile, JsonNode partners) {
        ObjectNode data = JSON.createObjectNode();
        data.set("customer_id", partners.at("/person/id"));
        data.set("customer", file.path(hostile ? "hostile_person" : "person"));
        data.set("event", file.path(hostile ? "hostile_event" : "event"));
        return data;
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

    private static ObjectNode definition(JsonNode sample, JsonNode attributes) {
        ObjectNode definition = JSON.createObjectNode();
        definition.put("name", sample.path("name").asText());
        definition.put("method", sample.path("method").asText());
        definition.put("url", sample.path("url").asText());
        if (sample.has("connection")) {
            definition.put("connection", DEMO + sample.path("connection").asText());
        }
        putHeaders(definition, sample);
        for (JsonNode header : definition.path("headers")) {
            ((ObjectNode) header).put("value", ofDemo(header.path("value").asText()));
        }
        ArrayNode updates = definition.putArray("response_attributes");
        attributes
                .properties()
                .forEach(update ->
                        updates.addObject().put("attribute", update.getKey()).set("template", update.getValue()));
        return definition.put("body", ofDemo(sample.path("body").asText()));
    }

    private static String ofDemo(String template) {
        return template.replace("{{ secrets.", "{{ secrets." + DEMO);
    }

    private static ObjectNode answer(JsonNode partner) {
        ObjectNode answer = JSON.createObjectNode();
        answer.set("status", partner.path("status"));
        putHeaders(answer, partner);
        answer.set("body", partner.path("body"));
        return answer;
    }

    private static void putHeaders(ObjectNode into, JsonNode from) {
        ArrayNode headers = into.putArray("headers");
        from.path("headers")
                .properties()
                .forEach(header ->
                        headers.addObject().put("name", header.getKey()).set("value", header.getValue()));
    }

    private static JsonNode read(String resource) {
        try (InputStream file = Objects.requireNonNull(Recipe.class.getResourceAsStream(resource))) {
            return JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
