package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.config.ConfigLoader;
import io.posthaste.redis.RedisKeys;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the results stream tells a journey: whom a draft holds (M79 to M82), and what counts for its goal (M83). */
class JourneyIT {
    private static final String TOKEN = "test-token-of-at-least-32-characters";
    private static final RedisKeys KEYS = new RedisKeys("0");

    private final RedisServer redis = RedisServer.start();
    private final Receiver receiver = Receiver.start();
    private final RedisClient client = RedisClient.create(redis.uri());
    private final RedisCommands<String, String> commands = client.connect().sync();
    private final Gateway gateway = Gateway.start(
            ConfigLoader.load(
                    null,
                    Map.of(
                            "POSTHASTE_REDIS_URI",
                            redis.uri(),
                            "POSTHASTE_ADMIN_PORT",
                            "0",
                            "POSTHASTE_ADMIN_TOKEN",
                            TOKEN,
                            "POSTHASTE_KEYS_SIGNING",
                            "test-key",
                            "POSTHASTE_KEYS_ENCRYPTION",
                            "0".repeat(64),
                            "POSTHASTE_SEND_ALLOW_ADDRESSES",
                            "127.0.0.1/32:" + receiver.port())),
            "test",
            Objects.requireNonNull(System.getenv("PATH")));
    private final ApiClient api =
            new ApiClient("http://127.0.0.1:" + gateway.address().getPort(), TOKEN);

    @AfterEach
    void stop() {
        gateway.close();
        client.shutdown();
        receiver.close();
        redis.close();
    }

    @Test
    void aDraftThatSetsAttributesHoldsItsPersonUntilItIsSent() {
        save(setting(action().put("sending", "draft")));
        enqueue("job-1");
        assertThat(told("job-1", "drafted")).containsEntry("holds", "1");

        api.post("/v1/drafts/job-1/send", "");

        assertThat(told("job-1", "sent")).containsEntry("attributes", "{\"status\":204}");
    }

    @Test
    void aDraftThatSetsAttributesHoldsItsPersonUntilItIsDiscarded() {
        save(setting(action().put("sending", "draft")));
        enqueue("job-1");
        assertThat(told("job-1", "drafted")).containsEntry("holds", "1");

        api.delete("/v1/drafts/job-1");

        assertThat(told("job-1", "cancelled")).doesNotContainKey("attributes");
    }

    @Test
    void aDraftThatSetsNothingHoldsNobody() {
        save(action().put("sending", "draft"));

        enqueue("job-1");

        assertThat(told("job-1", "drafted")).doesNotContainKey("holds");
    }

    @Test
    void draftsStayWhenTheirActionBecomesAutomatic() {
        save(action().put("sending", "draft"));
        enqueue("job-1");
        told("job-1", "drafted");

        save(action().put("sending", "automatic"));
        enqueue("job-2");

        told("job-2", "sent");
        assertThat(events("job-1")).extracting(event -> event.get("event")).containsExactly("drafted");
    }

    @Test
    void aSentDeliveryCountsAsAConversionWhereItsActionSaysSo() {
        save(action().put("allow_conversions", true));
        enqueue("job-1");
        assertThat(told("job-1", "sent")).containsEntry("conversion", "1");

        save(action());
        enqueue("job-2");
        assertThat(told("job-2", "sent")).doesNotContainKey("conversion");
    }

    private ObjectNode action() {
        ObjectNode action = JsonNodeFactory.instance.objectNode().put("url", receiver.url("/hook"));
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
        api.put("/v1/actions/step", action);
    }

    private void enqueue(String id) {
        commands.xadd(
                KEYS.inbox(), Map.of("v", "1", "id", id, "action", "step", "data", "{\"customer\":{\"id\":\"7\"}}"));
    }

    /** What was said last, once it is this. */
    private Map<String, String> told(String id, String event) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(events(id)).last().extracting("event").isEqualTo(event));
        return events(id).getLast();
    }

    private List<Map<String, String>> events(String id) {
        return commands.xrange(KEYS.results(), Range.unbounded()).stream()
                .map(StreamMessage::getBody)
                .filter(result -> id.equals(result.get("id")))
                .toList();
    }
}
