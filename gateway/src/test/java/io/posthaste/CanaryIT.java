package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Secrets go through everything the gateway does, and are then looked for everywhere but at their receiver (SEC-1 to SEC-5). */
class CanaryIT {
    private static final String ADMIN = "canary-admin-token-of-32-characters";
    private static final String VIEWER = "canary-viewer-token";
    private static final String SECRET = "canary \"secret\"/+=ü-value";
    private static final String PASSWORD = "canary-pässword";
    private static final String LITERAL = "canary-literal-credential";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestGateway gateway = new TestGateway()
            .with("ADMIN_TOKEN", ADMIN)
            .with("KEYS_SIGNING", LITERAL + "-key")
            .with("KEYS_ENCRYPTION", "c".repeat(64))
            .with("TIME_SCALE", "5");
    private final Receiver receiver = gateway.receiver.usually(CanaryIT::echo);
    private final RedisCommands<String, String> commands =
            gateway.client.connect(new StringCodec(StandardCharsets.ISO_8859_1)).sync();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    Path data = Path.of("replaced by JUnit");

    /** The worst receiver: it repeats what it got, and its path says how it answers. */
    private static Answer echo(Received request) {
        String all = request.headers() + " " + request.path() + " " + request.text();
        return Answer.of(Integer.parseInt(request.path().substring(1, 4)), all);
    }

    @BeforeEach
    void start() throws IOException {
        log.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(log);
        gateway.with("ADMIN_TOKENS_FILE", tokens().toString()).start();
    }

    private Path tokens() throws IOException {
        return Files.writeString(data.resolve("tokens"), "viewer read " + sha256(VIEWER) + "\n");
    }

    @AfterEach
    void stop() {
        gateway.close();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
    }

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ secrets.zendesk | split: '' | join: '_' }}",
                "{{ secrets.zendesk | slice: 0, 8 }}",
                "{{ secrets.zendesk | upcase }}",
                "{{ secrets.zendesk | base64_encode }}",
                "{{ secrets.zendesk | url_encode | replace: '-', '+' }}",
                "{{ secrets.zendesk | size }}",
                "{% if secrets.zendesk contains 'VALUE' %}yes{% else %}no{% endif %}",
                "{% case secrets.zendesk %}{% when 'VALUE' %}yes{% else %}no{% endcase %}",
                "{% assign s = secrets.zendesk %}{% if s > 'a' %}yes{% else %}no{% endif %}",
                "{% assign s = secrets.zendesk | upcase %}{% abort_message s %}",
                "{% if secrets.zendesk contains 'VALUE' %}{% abort_message 'yes' %}{% endif %}no",
                "{{ secrets.zendesk | slice: 0, 4 | from_json }}",
            })
    void whatIsShownDoesNotDependOnASecretWhateverATemplateMakesOfIt(String template) throws Exception {
        List<String> shown = new ArrayList<>();
        for (String value : List.of("alpha-1234567890-first-value", "zz")) {
            put(
                    "/v1/secrets/zendesk",
                    JSON.createObjectNode().put("value", value).toString());
            String body = template.replace("VALUE", value);
            var action =
                    JSON.createObjectNode().put("url", receiver.url("/200")).put("body", body);
            action.putArray("headers").addObject().put("name", "X-Secret").put("value", body);
            put("/v1/actions/shown", action.toString());
            String unsaved =
                    JSON.createObjectNode().<ObjectNode>set("action", action).toString();
            JsonNode preview = JSON.readTree(call("POST", "/v1/preview", VIEWER, unsaved));
            JsonNode tested = JSON.readTree(call("POST", "/v1/actions/shown/test", ADMIN, "{}"));

            // A template may decide by a secret whether to send at all, and that it did not is seen.
            assertThat(tested.at("/request/body")).isIn(preview.at("/request/body"), MissingNode.getInstance());
            shown.add(preview.path("request") + " " + preview.path("aborted") + " " + preview.path("errors"));
            shown.add(tested.path("reason") + " " + tested.path("errors"));
        }

        assertThat(shown.subList(0, 2)).isEqualTo(shown.subList(2, 4));
    }

    /** The receiver repeats it, and its answer stands in excerpts: what was made of a secret is as secret. */
    @ParameterizedTest
    @ValueSource(ints = {200, 404, 503})
    void whatIsMadeOfASecretIsNotShownEither(int status) throws Exception {
        put("/v1/secrets/zendesk", JSON.createObjectNode().put("value", SECRET).toString());
        put("/v1/secrets/pw", JSON.createObjectNode().put("value", PASSWORD).toString());
        put("/v1/snippets/loud", "{\"value\":\"{{ secrets.zendesk | upcase }}\"}");
        String body = "plain words {{ secrets.zendesk | split: '' | join: '_' }} {{ snippets.loud }}"
                + "{% assign s = secrets.zendesk | slice: 0, 9 %} {{ s }} "
                + "{{ secrets.zendesk | split: '' | reverse | join: '' }}";
        var action = JSON.createObjectNode()
                .put("url", receiver.url("/" + status))
                .put("body", body)
                .put("on_missing", "empty");
        action.putArray("headers")
                .addObject()
                .put("name", "X-Derived")
                .put("value", "{{ secrets.pw | split: '' | first | append: 'x' }}");
        put("/v1/actions/derived", action.toString());
        commands.xadd("posthaste:{0}:inbox", Map.of("v", "1", "id", "d-1", "action", "derived", "data", "{}"));
        awaitState("d-1", status == 200 ? "sent" : status == 404 ? "failed" : "retrying");
        String joined = String.join("_", SECRET.split(""));
        String reversed = new StringBuilder(SECRET).reverse().toString();
        assertThat(receiver.takeRequest().text()).contains(joined, SECRET.toUpperCase(Locale.ROOT), reversed);

        String everything = crawl(List.of("d-1")) + logged() + results();

        assertThat(everything).contains("plain words " + SecretValues.MASK);
        assertNoneOf(everything, SECRET, joined, SECRET.toUpperCase(Locale.ROOT), SECRET.substring(0, 9), reversed);
    }

    @Test
    void whatStandsInAnActionItselfIsNotShownToReaders() throws Exception {
        String url = "http://user:" + LITERAL + "@127.0.0.1:" + receiver.port() + "/503?api_key=" + LITERAL;
        put("/v1/actions/literal", JSON.createObjectNode().put("url", url).toString());
        commands.xadd("posthaste:{0}:inbox", Map.of("v", "1", "id", "literal-1", "action", "literal", "data", "{}"));
        awaitState("literal-1", "retrying");

        String everything = crawl(List.of("literal-1")) + logged() + results();

        assertThat(everything).contains("user:***@127.0.0.1");
        assertNoneOf(everything, LITERAL);
    }

    @Test
    void aSecretIsSentAgainAsItWasFrozenEvenIfItChangedMeanwhile() throws Exception {
        put("/v1/secrets/zendesk", "{\"value\":\"the-first-value\"}");
        put("/v1/secrets/pw", "{\"value\":\"the-password\"}");
        put("/v1/snippets/signed", "{\"value\":\"by\"}");
        put("/v1/actions/retried", action(503, "automatic"));
        commands.xadd("posthaste:{0}:inbox", Map.of("v", "1", "id", "r-1", "action", "retried", "data", "{}"));
        Received first = receiver.takeRequest();
        awaitState("r-1", "retrying");

        put("/v1/secrets/zendesk", "{\"value\":\"the-second-value\"}");
        Received second = receiver.takeRequest();

        assertThat(first.text()).contains("the-first-value");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Authorization")).isEqualTo(first.header("Authorization"));
        assertThat(call("GET", "/v1/deliveries/r-1", ADMIN, null)).doesNotContain("the-first-value");
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

    private String action(int status, String sending) {
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
    private String crawl(List<String> jobs) throws Exception {
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

    private void put(String path, String body) throws Exception {
        call("PUT", path, ADMIN, body);
    }

    private String call(String method, String path, String token, @Nullable String body) throws Exception {
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

    private void awaitState(String id, String state) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> call("GET", "/v1/deliveries/" + id, ADMIN, null).contains("\"state\":\"" + state + "\""));
    }

    private String results() {
        return commands.xrange("posthaste:{0}:results", Range.unbounded()).toString();
    }

    private String logged() {
        return List.copyOf(log.list).stream()
                .map(event -> event.getFormattedMessage() + event.getKeyValuePairs() + event.getThrowableProxy())
                .collect(Collectors.joining("\n"));
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

    private static void assertNoneOf(String text, String... canaries) {
        for (String canary : canaries) {
            SecretValues secret = SecretValues.of(
                    List.of(canary, new String(canary.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
            assertThat(secret.hide(text)).as("%s is in there", canary).isEqualTo(text);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
