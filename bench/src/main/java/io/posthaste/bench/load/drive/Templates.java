package io.posthaste.bench.load.drive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.bench.load.process.LoadException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The actions and the people of a load test, from {@code templates.json}. */
public final class Templates {
    /** Stands in {@code customer.id} where each job writes its number: nine digits. */
    public static final String NUMBER = "000000000";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FIRST_NAMES =
            List.of("Ada", "Zoë", "Grace", "Linus", "Mary-Jane", "李", "Bo", "Ng");
    private static final List<String> LAST_NAMES = List.of("Lovelace", "O'Neil", "Hopper", "van \"Dyk\"");

    private final JsonNode all;
    private final JsonNode template;

    private Templates(JsonNode all, JsonNode template) {
        this.all = all;
        this.template = template;
    }

    /** The template of this name; an unknown one is an error that lists the known. */
    public static Templates named(String name) {
        try (InputStream in = Templates.class.getResourceAsStream("templates.json")) {
            JsonNode all = JSON.readTree(in);
            JsonNode template = all.path("templates").path(name);
            if (template.isMissingNode()) {
                List<String> known = new ArrayList<>();
                all.path("templates").fieldNames().forEachRemaining(known::add);
                throw new LoadException("--template " + name + ": one of " + String.join(", ", known));
            }
            return new Templates(all, template);
        } catch (IOException e) {
            throw new LoadException("templates.json cannot be read", e);
        }
    }

    /** The action as the HTTP API takes it. {@code retry} is JSON, null for the standard policy. */
    public String action(String name, String url, @Nullable String retry) {
        return action(name, url, retry, null, false);
    }

    /**
     * The same.
     *
     * @param connection by which its receiver is reached; null for as everybody is
     * @param setsAttributes whether its answers set attributes
     */
    public String action(
            String name, String url, @Nullable String retry, @Nullable String connection, boolean setsAttributes) {
        ObjectNode action = JSON.createObjectNode();
        action.put("name", name).put("method", "POST").put("url", url);
        action.put("body", template.path("body").asText());
        ArrayNode headers = action.putArray("headers");
        template.path("headers")
                .properties()
                .forEach(header -> headers.addObject()
                        .put("name", header.getKey())
                        .put("value", header.getValue().asText()));
        if (retry != null) {
            action.set("retry", parse(retry));
        }
        if (connection != null) {
            action.put("connection", connection);
        }
        if (setsAttributes) {
            ArrayNode attributes = action.putArray("response_attributes");
            attribute(attributes, Workload.COUNTED, "{{ customer.answers | default: 0 | plus: 1 }}");
            attribute(attributes, "last_status", "{{ http.status }}");
        }
        return text(action);
    }

    private static void attribute(ArrayNode attributes, String name, String template) {
        attributes.addObject().put("attribute", name).put("template", template);
    }

    /** The template as it stands in the file: {@code headers} and {@code body}. */
    public String json() {
        return template.toString();
    }

    /**
     * The data of several people, as JSON with {@link #NUMBER} where the job's number goes. Different enough that
     * neither a branch predictor nor a cache of one rendering flatters the result.
     *
     * @param named whether jobs name one of these people instead of one of their own
     */
    List<String> people(int bodyBytes, boolean named) {
        List<String> people = new ArrayList<>();
        for (String first : FIRST_NAMES) {
            for (String last : LAST_NAMES) {
                ObjectNode person = person(first, last, bodyBytes);
                if (named) {
                    person.put("customer_id", Workload.personId(people.size()));
                }
                people.add(text(person));
            }
        }
        return people;
    }

    private ObjectNode person(String first, String last, int bodyBytes) {
        ObjectNode data = JSON.createObjectNode();
        ObjectNode customer = all.path("person").deepCopy();
        customer.put("first_name", first).put("last_name", last);
        ObjectNode event = all.path("event").deepCopy();
        data.set("customer", customer);
        data.set("event", event);
        int missing = bodyBytes - text(data).length();
        if (missing > 0) {
            event.put("feedback", event.path("feedback").asText() + " padding".repeat(missing / 8));
        }
        return data;
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
