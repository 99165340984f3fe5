package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.cli.ApiClient;
import io.posthaste.sign.SignatureVerifier;
import io.posthaste.sign.SigningKey;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import io.posthaste.testing.Receiver.Received;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a stored action to the octets a receiver gets, through the whole gateway: what the clauses say of requests. */
class WireIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger LAST = new AtomicInteger();

    @AutoClose
    private static final TestGateway GATEWAY = new TestGateway().start();

    private static final Receiver RECEIVER = GATEWAY.receiver;
    private static final ApiClient API = GATEWAY.api();

    @ParameterizedTest(name = "[{0}]")
    @CsvSource(nullValues = "-", textBlock = """
            user:pass@,                      Basic dXNlcjpwYXNz
            us%20er:p%40ss%2Fw%3Ard@,        Basic dXMgZXI6cEBzcy93OnJk
            key@,                            Basic a2V5Og==
            key:@,                           Basic a2V5Og==
            agent@acme.com:pw@,              Basic YWdlbnRAYWNtZS5jb206cHc=
            '',                              -
            """)
    void credentialsInTheAddressBecomeBasicAuthenticationAndLeaveTheAddress(
            String userinfo, @Nullable String authorization) {
        Received request = sent(action().put("url", url("/in").replace("://", "://" + userinfo)), "{}");

        assertThat(request.header("Authorization")).isEqualTo(authorization);
        assertThat(request.path()).isEqualTo("/in");
        assertThat(request.header("Host")).isEqualTo("127.0.0.1:" + RECEIVER.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "POST", "put", "Patch", "DELETE"})
    void aMethodIsSentInCapitalsAndMayCarryABody(String method) {
        Received request = sent(
                action().put("method", method.equals("Patch") ? "patch" : method)
                        .put("body", "b"),
                "{}");

        assertThat(request.method()).isEqualTo(method.toUpperCase(Locale.ROOT));
        assertThat(request.text()).isEqualTo("b");
        assertThat(request.header("Content-Length")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            POST,   0
            PUT,    0
            PATCH,  0
            """)
    void anEmptyBodyIsNoneAndIsSignedAsNoBytes(String method, String length) {
        Received request = sent(action().put("method", method).put("body", "{% if false %}x{% endif %}"), "{}");

        assertThat(request.header("Content-Length")).isEqualTo(length);
        assertThat(verdict(request)).isEqualTo(SignatureVerifier.Verdict.VALID);
    }

    @Test
    void everyRequestCarriesTheAutomaticHeaders() {
        Received request = sent(action().put("body", "{{delivery_id}} {{delivery.idempotency_key}}"), "{}");

        String id = request.header("X-CIO-Delivery-ID");
        assertThat(request.header("X-CIO-Idempotency-Key")).isEqualTo(id).matches("[!-~]{1,64}");
        assertThat(request.text()).isEqualTo(id + " " + id);
        assertThat(request.header("X-CIO-Timestamp")).matches("[1-9][0-9]{9}");
        assertThat(request.header("X-CIO-Signature")).matches("[0-9a-f]{64}");
        assertThat(request.header("User-Agent")).isEqualTo("Posthaste/" + TestGateway.VERSION);
        assertThat(request.header("Accept")).isEqualTo("*/*");
        assertThat(verdict(request)).isEqualTo(SignatureVerifier.Verdict.VALID);
    }

    @Test
    void aDeliveryHasAKeyOfItsOwnUnlessTheJobBringsOne() {
        ObjectNode action = action().put("body", "x");

        String first = header(sent(action, "{}"), "X-CIO-Idempotency-Key");
        String second = header(sent(action, "{}"), "X-CIO-Idempotency-Key");
        String given = header(sent(action, "{}", "order-7"), "X-CIO-Idempotency-Key");

        assertThat(Set.of(first, second, given)).hasSize(3).contains("order-7");
    }

    @Test
    void oneContentTypeIsPrefilledAndAnEmptyListMeansNone() {
        ObjectNode prefilled = action().put("body", "{}");
        prefilled.remove("headers");

        assertThat(sent(prefilled, "{}").header("Content-Type")).isEqualTo("application/json");
        assertThat(sent(action().put("body", "{}"), "{}").header("Content-Type"))
                .isNull();
    }

    @Test
    void headerNamesAreLiteralTheirValuesAreTemplatesAndRepeatedOnesKeepTheirOrder() {
        ObjectNode action = action();
        action.withArray("headers").addObject().put("name", "X-Tag").put("value", "{{ customer.a }}");
        action.withArray("headers").addObject().put("name", "x-tag").put("value", "second");

        assertThat(sent(action, "{\"customer\":{\"a\":\"first\"}}").headers("X-Tag"))
                .containsExactly("first", "second");
    }

    @ParameterizedTest(name = "{index}")
    @CsvSource(quoteCharacter = '`', textBlock = """
            {"id":"{{customer.id}}"},          {"id":"1"}
            ` \\r\\n a \\n\\n`,                ` \\r\\n a \\n\\n`
            Zoë {{customer.name}} 🎉,          Zoë 東京 🎉
            """)
    void aBodyIsSentAsItRendersToTheByte(String template, String body) {
        String unescaped = template.translateEscapes();

        Received request = sent(action().put("body", unescaped), "{\"customer\":{\"id\":1,\"name\":\"東京\"}}");

        assertThat(request.text()).isEqualTo(body.translateEscapes());
    }

    @ParameterizedTest(name = "{0} → {2}")
    @CsvSource(delimiter = '|', textBlock = """
            url     | "a b"                  | URL contains
            url     | "\\r\\nX-Evil: 1"      | URL contains
            host    | "10.0.0.1"             | address
            header  | "a\\r\\nX-Evil: 1"     | header X-Value contains the control character
            header  | "é"                    | not ASCII
            json    | "a\\"b"                | body is not valid JSON at line 1
            json    | null                   | Variable 'customer.x' is missing
            """)
    void dataThatWouldChangeTheRequestFailTheDeliveryAndNothingIsSent(String place, String value, String reason) {
        ObjectNode action = action();
        switch (place) {
            case "url" -> action.put("url", url("/{{customer.x}}"));
            case "host" -> action.put("url", "http://{{customer.x}}/");
            case "header" ->
                action.withArray("headers").addObject().put("name", "X-Value").put("value", "{{customer.x}}");
            default -> action.put("body", "{\"x\":\"{{customer.x}}\"}").remove("headers");
        }
        int before = RECEIVER.requestCount();

        JsonNode delivery = ended(enqueued(action, "{\"customer\":{\"x\":" + value + "}}", null));

        assertThat(delivery.path("state").asText()).isEqualTo("failed");
        assertThat(delivery.path("reason").asText()).contains(reason);
        assertThat(RECEIVER.requestCount()).isEqualTo(before);
    }

    @Test
    void aRedirectIsNotFollowedAndTellsWhereItLed() {
        RECEIVER.answers(Answer.of(302).with("Location", url("/elsewhere")));
        String id = enqueued(action(), "{}", null);
        RECEIVER.takeRequest();

        JsonNode delivery = ended(id);

        assertThat(delivery.path("state").asText()).isEqualTo("failed");
        assertThat(delivery.path("reason").asText()).isEqualTo("HTTP 302");
        assertThat(delivery.path("attempts")).hasSize(1);
        assertThat(delivery.at("/attempts/0/response").asText()).startsWith("Location: " + url("/elsewhere"));
    }

    private static SignatureVerifier.Verdict verdict(Received request) {
        return new SignatureVerifier(
                        SigningKey.of(TestGateway.SIGNING_KEY), InstantSource.system(), Duration.ofMinutes(5))
                .verify(header(request, "X-CIO-Timestamp"), header(request, "X-CIO-Signature"), request.body());
    }

    private static String header(Received request, String name) {
        return Objects.requireNonNullElse(request.header(name), "");
    }

    private static ObjectNode action() {
        ObjectNode action = JSON.createObjectNode().put("url", url("/in"));
        action.putArray("headers");
        return action;
    }

    private static String url(String path) {
        return RECEIVER.url(path);
    }

    private static Received sent(ObjectNode action, String data) {
        return sent(action, data, null);
    }

    private static Received sent(ObjectNode action, String data, @Nullable String key) {
        enqueued(action, data, key);
        return RECEIVER.takeRequest();
    }

    /** Stores the action and enqueues a job for it; answers the delivery's id. */
    private static String enqueued(ObjectNode action, String data, @Nullable String key) {
        String name = "wire-" + LAST.incrementAndGet();
        API.put("/v1/actions/" + name, action.toString());
        String job = "{\"action\":\"" + name + "\"," + (key == null ? "" : "\"key\":\"" + key + "\",") + "\"data\":"
                + data + "}";
        return API.post("/v1/deliveries", job).at("/ids/0").asText();
    }

    private static JsonNode ended(String id) {
        Set<String> ends = Set.of("sent", "failed");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> ends.contains(
                        API.get("/v1/deliveries/" + id).path("state").asText()));
        return API.get("/v1/deliveries/" + id);
    }
}
