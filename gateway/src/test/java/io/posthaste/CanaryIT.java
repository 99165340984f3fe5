package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lettuce.core.Range;
import io.posthaste.job.SecretValues;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Secrets go through everything the gateway does, and are then looked for everywhere but at their receiver (SEC-1 to SEC-5). */
class CanaryIT extends CanaryCase {
    @Test
    void noSecretIsFoundAnywhereButAtItsReceiver() throws Exception {
        put("/v1/secrets/zendesk", JSON.createObjectNode().put("value", SECRET).toString());
        put("/v1/secrets/pw", JSON.createObjectNode().put("value", PASSWORD).toString());
        ObjectNode connection = JSON.createObjectNode();
        connection
                .putObject("oauth2")
                .put("token_url", "https://login.example.com/token")
                .put("client_id", "gateway")
                .put("client_secret", SECRET);
        connection
                .putObject("proxy")
                .put("url", "http://proxy.example.com:3128")
                .put("username", "gateway")
                .put("password", PASSWORD);
        put("/v1/connections/canary", connection.toString());
        put("/v1/snippets/signed", "{\"value\":\"by {{ secrets.zendesk }}\"}");
        String key = JSON.readTree(call("POST", "/v1/signing-keys/rotate", ADMIN, "{}"))
                .path("key")
                .asText();
        List<String> jobs = runEverything();

        String everything = crawl(jobs) + logged() + results();

        assertThat(everything).contains("failed-1").contains(SecretValues.MASK);
        assertNoneOf(everything, SECRET, PASSWORD, key, LITERAL + "-key", ADMIN, VIEWER);
        assertNoneOf(dumped(), SECRET, PASSWORD, key, LITERAL + "-key", ADMIN, VIEWER, "c".repeat(64));
    }

    /** One delivery for each way to end, each with secrets in every part of its request. */
    private List<String> runEverything() throws Exception {
        put("/v1/actions/sent", action(200, "automatic"));
        put("/v1/actions/retried", action(503, "automatic"));
        put("/v1/actions/failed", action(404, "automatic"));
        put("/v1/actions/drafted", action(200, "draft"));
        put("/v1/actions/aborted", "{\"url\":\"https://h.example/\",\"body\":\"{% abort_message secrets.zendesk %}\"}");
        Map<String, String> states = Map.of(
                "sent", "sent", "retried", "retrying", "failed", "failed", "drafted", "drafted", "aborted", "aborted");
        for (String action : states.keySet()) {
            Map<String, String> job = Map.of("v", "1", "id", action + "-1", "action", action, "data", "{}");
            commands.xadd("posthaste:{0}:inbox", job);
        }
        commands.xadd(
                "posthaste:{0}:inbox",
                Map.of(
                        "v",
                        "1",
                        "secret",
                        new String(SECRET.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
        for (Map.Entry<String, String> state : states.entrySet()) {
            awaitState(state.getKey() + "-1", state.getValue());
        }
        assertThat(receiver.takeRequest().text()).contains(SECRET);
        return states.keySet().stream().map(action -> action + "-1").toList();
    }

    /** Every value in Redis, whatever its type; bytes as characters. */
    private String dumped() {
        StringBuilder dump = new StringBuilder();
        for (String name : commands.keys("*")) {
            dump.append(name)
                    .append(
                            switch (commands.type(name)) {
                                case "string" -> commands.get(name);
                                case "hash" -> commands.hgetall(name).toString();
                                case "list" -> commands.lrange(name, 0, -1).toString();
                                case "set" -> commands.smembers(name).toString();
                                case "zset" -> commands.zrange(name, 0, -1).toString();
                                case "stream" ->
                                    name.endsWith(":inbox") || name.endsWith(":quarantine")
                                            ? ""
                                            : commands.xrange(name, Range.unbounded())
                                                    .toString();
                                default -> throw new IllegalStateException(name);
                            });
        }
        return dump.toString();
    }
}
