package io.posthaste;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.TestAuthority;
import io.posthaste.testing.TestAuthority.Issued;
import io.posthaste.testing.TlsServer;
import io.posthaste.testing.TlsServer.Seen;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A gateway, an authority of its own, and jobs that name connections. */
abstract class ConnectionsCase {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Duration WAIT = Duration.ofSeconds(30);
    static final TestAuthority AUTHORITY = TestAuthority.create();
    static final Issued SERVER = AUTHORITY.issue("server", "IP:127.0.0.1", 2);
    static final Issued CLIENT = AUTHORITY.issue("client", "DNS:client", 2);
    static final AtomicInteger NUMBERS = new AtomicInteger();
    static TestGateway gateway;
    static ApiClient api;

    @BeforeAll
    static void start() {
        gateway = new TestGateway().with("TIME_SCALE", "1000000").start();
        api = gateway.api();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    static ObjectNode connection() {
        return JSON.createObjectNode();
    }

    static ObjectNode oauth2(TlsServer server, String method, String secret) {
        ObjectNode connection = connection().put("ca", AUTHORITY.pem());
        connection
                .putObject("oauth2")
                .put("token_url", server.url("/token"))
                .put("client_id", "the-client")
                .put("client_secret", secret)
                .put("scope", "hooks")
                .put("method", method);
        return connection;
    }

    static void put(String name, ObjectNode connection) {
        api.put("/v1/connections/" + name, connection.toString());
    }

    static JsonNode putAction(String url, @Nullable String connection) {
        ObjectNode action = JSON.createObjectNode()
                .put("name", "a")
                .put("method", "POST")
                .put("url", url)
                .put("body", "{}");
        if (connection != null) {
            action.put("connection", connection);
        }
        return api.put("/v1/actions/a" + NUMBERS.incrementAndGet(), action.toString());
    }

    static String enqueue(TlsServer server, @Nullable String connection) {
        return enqueue(server.url("/hook"), connection);
    }

    static String enqueue(String url, @Nullable String connection) {
        String action = putAction(url, connection).path("id").asText();
        api.post("/v1/deliveries", """
                {"id":"d-%s","action":"%s","data":{"customer":{"id":"1"}}}""".formatted(action, action));
        return "d-" + action;
    }

    static String outcome(TlsServer server, @Nullable String connection) {
        return outcome(server.url("/hook"), connection);
    }

    static String outcome(String url, @Nullable String connection) {
        return ended(enqueue(url, connection)).path("state").asText();
    }

    static String reason(TlsServer server, @Nullable String connection) {
        return reasonOf(enqueue(server, connection));
    }

    static String reasonOf(String id) {
        JsonNode ended = ended(id);
        JsonNode tries = ended.path("attempts");
        return tries.isEmpty()
                ? ended.path("reason").asText()
                : tries.get(0).path("reason").asText();
    }

    static JsonNode ended(String id) {
        await().atMost(WAIT)
                .until(() ->
                        api.get("/v1/deliveries/" + id).path("state").asText().matches("sent|failed"));
        return api.get("/v1/deliveries/" + id);
    }

    static JsonNode attempts(String id) {
        return api.get("/v1/deliveries/" + id).path("attempts");
    }

    static Seen last(TlsServer server) {
        return server.seen().getLast();
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
