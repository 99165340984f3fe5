package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the results stream tells a journey: whom a draft holds (M79 to M82), and what counts for its goal (M83). */
class JourneyIT {
    @AutoClose
    private final TestGateway gateway = new TestGateway().start();

    @Test
    void aDraftThatSetsAttributesHoldsItsPersonUntilItIsSent() {
        save(setting(action().put("sending", "draft")));
        enqueue("job-1");
        assertThat(gateway.told("job-1", "drafted")).containsEntry("holds", "1");

        gateway.api().post("/v1/drafts/job-1/send", "");

        assertThat(gateway.told("job-1", "sent")).containsEntry("attributes", "{\"status\":204}");
    }

    @Test
    void aDraftThatSetsAttributesHoldsItsPersonUntilItIsDiscarded() {
        save(setting(action().put("sending", "draft")));
        enqueue("job-1");
        assertThat(gateway.told("job-1", "drafted")).containsEntry("holds", "1");

        gateway.api().delete("/v1/drafts/job-1");

        assertThat(gateway.told("job-1", "cancelled")).doesNotContainKey("attributes");
    }

    @Test
    void aDraftThatSetsNothingHoldsNobody() {
        save(action().put("sending", "draft"));

        enqueue("job-1");

        assertThat(gateway.told("job-1", "drafted")).doesNotContainKey("holds");
    }

    @Test
    void draftsStayWhenTheirActionBecomesAutomatic() {
        save(action().put("sending", "draft"));
        enqueue("job-1");
        gateway.told("job-1", "drafted");

        save(action().put("sending", "automatic"));
        enqueue("job-2");

        gateway.told("job-2", "sent");
        assertThat(gateway.results("job-1"))
                .extracting(event -> event.get("event"))
                .containsExactly("drafted");
    }

    @Test
    void aSentDeliveryCountsAsAConversionWhereItsActionSaysSo() {
        save(action().put("allow_conversions", true));
        enqueue("job-1");
        assertThat(gateway.told("job-1", "sent")).containsEntry("conversion", "1");

        save(action());
        enqueue("job-2");
        assertThat(gateway.told("job-2", "sent")).doesNotContainKey("conversion");
    }

    private ObjectNode action() {
        ObjectNode action = JsonNodeFactory.instance.objectNode().put("url", gateway.receiver.url("/hook"));
        action.putArray("headers");
        return action;
    }

    private static ObjectNode setting(ObjectNode action) {
        action.putArray("response_attributes")
                .addObject()
                .put("attribute", "status")
                .put("template", "{{ http.status }}");
        return action;
    }

    private void save(ObjectNode action) {
        gateway.api().put("/v1/actions/step", action.toString());
    }

    private void enqueue(String id) {
        gateway.enqueue(id, "action", "step", "data", "{\"customer\":{\"id\":\"7\"}}");
    }
}
