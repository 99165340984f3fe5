package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.Receiver.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What did we send to this customer, and how did it go? */
class SupportIT {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final TestGateway gateway =
            new TestGateway().with("REDIS_SHARDS", "4").with("TIME_SCALE", "10000");
    private ApiClient api;

    @BeforeEach
    void start() {
        api = gateway.start().api();
        api.put("/v1/actions/hook", """
                {"name":"a","method":"POST","url":"%s","body":"{}"}""".formatted(gateway.receiver.url("/")));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void deliveriesAreFoundByCustomerKeyAndHostWhateverBecameOfThem() {
        gateway.receiver.usually(request -> Answer.of(200));
        enqueue("sent-1", "{\"customer\":{\"id\":\"1007\"}}", "\"key\":\"k-1\"");
        enqueue("sent-2", "{\"customer_id\":1007,\"customer\":{}}", "\"key\":\"k-2\"");
        enqueue("other", "{\"customer\":{\"id\":\"1008\"}}", "\"key\":\"k-3\"");
        List.of("sent-1", "sent-2", "other").forEach(this::ended);
        gateway.receiver.usually(request -> Answer.of(404));
        enqueue("failed", "{\"customer\":{\"id\":\"1007\"}}", "\"key\":\"k-4\"");
        ended("failed");
        enqueue("later", "{\"customer\":{\"id\":\"1007\"}}", "\"at\":\"2027-01-01T00:00:00Z\"");
        enqueue("cancelled", "{\"customer\":{\"id\":1007}}", "\"at\":\"2027-01-01T00:00:00Z\"");
        await().atMost(WAIT)
                .until(() -> api.post("/v1/deliveries/cancelled/cancel", "")
                        .path("state")
                        .asText()
                        .equals("cancelled"));

        assertThat(found("customer=1007"))
                .containsExactlyInAnyOrder("sent-1", "sent-2", "failed", "later", "cancelled");
        assertThat(found("customer=1007&state=sent")).containsExactlyInAnyOrder("sent-1", "sent-2");
        assertThat(found("key=k-3")).containsExactly("other");
        assertThat(found("host=127.0.0.1&state=sent")).containsExactlyInAnyOrder("sent-1", "sent-2", "other");
        assertThat(found("host=127.0.0.1&state=failed")).containsExactly("failed");
        assertThat(found("customer=nobody")).isEmpty();
    }

    @Test
    void aSearchIsExportedAsLinesAndAsATable() throws Exception {
        gateway.receiver.usually(request -> Answer.of(404).with("Content-Type", "text/plain"));
        for (int i = 0; i < 3; i++) {
            enqueue("e-" + i, "{\"customer\":{\"id\":\"=1007\"}}", "\"key\":\"k-" + i + "\"");
            ended("e-" + i);
        }

        List<String> lines = text("/v1/deliveries?customer=%3D1007&format=ndjson");
        List<String> table = text("/v1/deliveries?customer=%3D1007&format=csv");

        assertThat(lines)
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
        assertThat(table).hasSize(4);
        assertThat(table.getFirst()).startsWith("id,action,state,reason,customer,host,");
        // What a spreadsheet would compute is text.
        assertThat(table.get(1)).startsWith("e-2,hook,failed,HTTP 404,'=1007,127.0.0.1,k-2,");
    }

    private List<String> text(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.address() + path))
                .header("Authorization", "Bearer " + TestGateway.TOKEN)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .toList();
    }

    @Test
    void jobsOfOneOrderArriveOneAtATimeInTheirOrderThoughTheirReceiverFails() {
        gateway.receiver.usually(request -> Answer.of(200));
        gateway.receiver.answers(503, 200, 503, 503);
        List<String> ids = IntStream.range(0, 20).mapToObj(i -> "o-" + i).toList();
        ids.forEach(id -> enqueue(id, "{\"customer\":{\"id\":\"1\"}}", "\"order\":\"invoice-7\""));
        ids.forEach(this::ended);

        List<String> arrived = IntStream.range(0, gateway.receiver.requestCount())
                .mapToObj(i -> gateway.receiver.takeRequest().header("X-CIO-Delivery-ID"))
                .distinct()
                .toList();
        assertThat(arrived).isEqualTo(ids);
    }

    @Test
    void anAttemptTellsWhoMadeItWhereItWentHowLongItTookAndTheHeadersOfBothSides() {
        gateway.receiver.usually(
                request -> Answer.of(404).with("X-Request-Id", "r-9").with("Set-Cookie", "session=1"));
        enqueue("a", "{\"customer\":{\"id\":\"1\"}}", "\"key\":\"k\"");

        JsonNode exchange = ended("a").path("attempts").path(0).path("exchange");

        assertThat(exchange.path("gateway").asText())
                .isEqualTo(api.get("/v1/stats").path("gateways").path(0).asText());
        assertThat(exchange.path("address").asText()).isEqualTo("127.0.0.1:" + gateway.receiver.port());
        assertThat(exchange.path("reused").asBoolean()).isFalse();
        assertThat(exchange.path("connect_ms").isIntegralNumber()).isTrue();
        assertThat(exchange.path("first_byte_ms").isIntegralNumber()).isTrue();
        assertThat(exchange.path("tls_ms").isNull()).isTrue();
        assertThat(exchange.path("request_headers"))
                .extracting(header -> header.path("name").asText().toLowerCase(Locale.ROOT))
                .contains("host", "user-agent", "content-length", "content-type", "x-cio-timestamp");
        assertThat(value(exchange.path("request_headers"), "X-CIO-Idempotency-Key"))
                .isEqualTo("k");
        assertThat(value(exchange.path("request_headers"), "X-CIO-Signature")).isEqualTo("***");
        assertThat(value(exchange.path("response_headers"), "X-Request-Id")).isEqualTo("r-9");
        assertThat(value(exchange.path("response_headers"), "Set-Cookie")).isEqualTo("***");
    }

    @Test
    void ofADeliveryThatSucceededTheTimesAreKept() {
        gateway.receiver.usually(request -> Answer.of(200));
        enqueue("a", "{\"customer\":{\"id\":\"1\"}}", "\"key\":\"k\"");

        JsonNode exchange = ended("a").path("attempts").path(0).path("exchange");

        assertThat(exchange.path("first_byte_ms").isIntegralNumber()).isTrue();
        assertThat(exchange.path("request_headers")).isEmpty();
    }

    private static String value(JsonNode headers, String name) {
        return StreamSupport.stream(headers.spliterator(), false)
                .filter(header -> header.path("name").asText().equalsIgnoreCase(name))
                .map(header -> header.path("value").asText())
                .findFirst()
                .orElse("");
    }

    private List<String> found(String query) {
        JsonNode page = api.get("/v1/deliveries?" + query);
        return StreamSupport.stream(page.path("deliveries").spliterator(), false)
                .map(delivery -> delivery.path("id").asText())
                .toList();
    }

    private void enqueue(String id, String data, String more) {
        api.post("/v1/deliveries", """
                {"id":"%s","action":"hook","data":%s,%s}""".formatted(id, data, more));
    }

    private JsonNode ended(String id) {
        await().atMost(WAIT)
                .until(() -> List.of("sent", "failed")
                        .contains(api.get("/v1/deliveries/" + id).path("state").asText()));
        return api.get("/v1/deliveries/" + id);
    }
}
