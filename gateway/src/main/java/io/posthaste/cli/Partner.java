package io.posthaste.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a partner looks at before it takes a request.
 *
 * @param wants {@code headers}: a pattern for the whole value by the header's name; {@code json}: the same by a pointer into
 *     the body; missing when it looks at nothing
 */
record Partner(JsonNode wants) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Why it would refuse the request, one line each. */
    List<String> complaints(JsonNode request) {
        List<String> complaints = new ArrayList<>();
        wants.path("headers")
                .properties()
                .forEach(want -> require(complaints, want.getKey(), header(request, want.getKey()), want.getValue()));
        JsonNode body = wants.has("json") ? body(request) : MissingNode.getInstance();
        wants.path("json")
                .properties()
                .forEach(want -> require(complaints, want.getKey(), body.at(want.getKey()), want.getValue()));
        return complaints;
    }

    private static void require(List<String> complaints, String place, JsonNode value, JsonNode pattern) {
        if (!value.isTextual()) {
            complaints.add(place + " is missing");
        } else if (!value.textValue().matches(pattern.asText())) {
            complaints.add(place + " is '" + value.textValue() + "', not " + pattern.asText());
        }
    }

    private static JsonNode header(JsonNode request, String name) {
        for (JsonNode header : request.path("headers")) {
            if (header.path("name").asText().equalsIgnoreCase(name)) {
                return header.path("value");
            }
        }
        return MissingNode.getInstance();
    }

    private static JsonNode body(JsonNode request) {
        try {
            return JSON.readTree(request.path("body").asText());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
