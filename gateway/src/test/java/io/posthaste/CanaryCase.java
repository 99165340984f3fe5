package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.posthaste.job.SecretValues;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import io.posthaste.testing.Receiver.Received;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A gateway with secrets in everything it does, and everywhere to look for them. */
abstract class CanaryCase {
    static final String ADMIN = "canary-admin-token-of-32-characters";
    static final String VIEWER = "canary-viewer-token";
    static final String SECRET = "canary \"secret\"/+=ü-value";
    static final String PASSWORD = "canary-pässword";
    static final String LITERAL = "canary-literal-credential";
    static final ObjectMapper JSON = new ObjectMapper();

    final TestGateway gateway = new TestGateway()
            .with("ADMIN_TOKEN", ADMIN)
            .with("KEYS_SIGNING", LITERAL + "-key")
            .with("KEYS_ENCRYPTION", "c".repeat(64))
            .with("TIME_SCALE", "5");

    final Receiver receiver = gateway.receiver.usually(CanaryCase::echo);

    final RedisCommands<String, String> commands =
            gateway.client.connect(new StringCodec(StandardCharsets.ISO_8859_1)).sync();

    final HttpClient http = HttpClient.newHttpClient();
    final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    Path data = Path.of("replaced by JUnit");

    /** The worst receiver: it repeats what it got, and its path says how it answers. */
    static Answer echo(Received request) {
        String all = request.headers() + " " + request.path() + " " + request.text();
        return Answer.of(Integer.parseInt(request.path().substring(1, 4)), all);
    }

    @BeforeEach
    void start() throws IOException {
        log.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(log);
        gateway.with("ADMIN_TOKENS_FILE", tokens().toString()).start();
    }

    Path tokens() throws IOException {
        return Files.writeString(data.resolve("tokens"), "viewer read " + sha256(VIEWER) + "\n");
    }

    @AfterEach
    void stop() {
        gateway.close();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
    }

    String action(int status, String sending) {
        String url = "http://user:{{ secrets.pw | url_encode }}@127.0.0.1:" + receiver.port() + "/" + status
                + "?q={{ secrets.zendesk | url_encode }}";
        var action = JSON.createObjectNode().put("url", url).put("sending", sending);
        action.put(
                "body",
                "{{ snippets.signed }} {{ secrets.zendesk | to_json }} {{ secrets.zendesk | append: '!' | base64 }}");
        action.putArray("headers")
                .addObject()
                .put("name", "X-Plain")
                .put("value", "{{ 'u:' | append: secrets.zendesk | base64 }}");
        return action.toString();
    }

    /** Every GET of the API, with every name we know in its path, as administrator and as reader; previews beside. */
    String crawl(List<String> jobs) throws Exception {
        List<String> names = new ArrayList<>(jobs);
        jobs.forEach(job -> names.add(job.substring(0, job.indexOf('-'))));
        names.addAll(List.of("zendesk", "pw", "signed"));
        StringBuilder found = new StringBuilder();
        JsonNode paths =
                JSON.readTree(call("GET", "/openapi.json", VIEWER, null)).path("paths");
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            if (path.getValue().has("get")
                    && !path.getKey().startsWith("/bin/")
                    && !path.getKey().equals("/v1/events")) {
                for (String name : path.getKey().contains("{") ? names : List.of("")) {
                    String target = path.getKey().replaceAll("\\{[a-z_]+}", name);
                    boolean definition = target.startsWith("/v1/actions");
                    found.append(definition ? "" : call("GET", target, ADMIN, null));
                    found.append(call("GET", target, VIEWER, null));
                }
            }
        }
        for (String name : names) {
            found.append(call("POST", "/v1/actions/" + name + "/preview", ADMIN, "{}"));
            found.append(call("POST", "/v1/actions/" + name + "/test", ADMIN, "{}"));
        }
        return found.toString();
    }

    void put(String path, String body) throws Exception {
        call("PUT", path, ADMIN, body);
    }

    String call(String method, String path, String token, @Nullable String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.address() + path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode())
                .as("%s %s: %s", method, path, response.body())
                .isNotIn(401, 403, 500);
        return response.body() + "\n";
    }

    void awaitState(String id, String state) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> call("GET", "/v1/deliveries/" + id, ADMIN, null).contains("\"state\":\"" + state + "\""));
    }

    String results() {
        return commands.xrange("posthaste:{0}:results", Range.unbounded()).toString();
    }

    String logged() {
        return List.copyOf(log.list).stream()
                .map(event -> event.getFormattedMessage() + event.getKeyValuePairs() + event.getThrowableProxy())
                .collect(Collectors.joining("\n"));
    }

    static void assertNoneOf(String text, String... canaries) {
        for (String canary : canaries) {
            SecretValues secret = SecretValues.of(
                    List.of(canary, new String(canary.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
            assertThat(secret.hide(text)).as("%s is in there", canary).isEqualTo(text);
        }
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
