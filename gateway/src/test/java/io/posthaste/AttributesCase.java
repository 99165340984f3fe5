package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;

/** A gateway whose receiver answers with what becomes attributes of a person. */
abstract class AttributesCase {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final String INCREMENT = "{{ customer.lifetime_value | default: 0 | plus: response.amount }}";

    @AutoClose
    final TestGateway gateway = new TestGateway().with("TIME_SCALE", "1000").start();

    final Receiver receiver = gateway.receiver;
    final ApiClient api = gateway.api();

    void save(String action, String body, Map<String, String> attributes) {
        save(action, body, attributes, "");
    }

    void save(String action, String body, Map<String, String> attributes, String more) {
        List<Map<String, String>> list = new ArrayList<>();
        attributes.forEach((name, template) -> list.add(Map.of("attribute", name, "template", template)));
        ObjectMapper json = new ObjectMapper();
        String definition = "{\"url\":\"" + receiver.url("/hook") + "\",\"headers\":[],\"body\":"
                + json.valueToTree(body) + ",\"response_attributes\":" + json.valueToTree(list) + more + "}";
        assertThat(api.put("/v1/actions/" + action, definition).path("id").asText())
                .isEqualTo(action);
    }

    void person(String attributes) {
        api.put("/v1/people/1007", attributes);
    }

    String stored(String attribute) {
        return api.get("/v1/people/1007").path(attribute).asText();
    }

    void enqueue(String id, String action, String data) {
        gateway.enqueue(id, "action", action, "data", data);
    }

    Map<String, String> sent(String id) {
        return gateway.told(id, "sent");
    }

    List<String> terminal() {
        return gateway.results().stream()
                .filter(event -> !List.of("attempted", "drafted").contains(event.get("event")))
                .map(event -> event.get("id") + " " + event.get("event"))
                .toList();
    }
}
