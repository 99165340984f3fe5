package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.posthaste.config.ConfigLoader;
import io.posthaste.sign.SignatureVerifier;
import io.posthaste.sign.SignatureVerifier.Verdict;
import io.posthaste.sign.SigningKey;
import io.posthaste.store.StrictJson;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import io.posthaste.testing.Receiver.Received;
import io.posthaste.testing.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** M63, M67, M84, M85 from job to event: a whole gateway, a receiver of deliveries and receivers of events. */
class ReportingIT {
    private static final String TOKEN = "test-token-of-at-least-32-characters";
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final RedisServer redis = RedisServer.start();
    private final Receiver receiver = Receiver.start();
    private final Receiver reports = Receiver.start();
    private final Receiver others = Receiver.start();
    private final RedisClient client = RedisClient.create(redis.uri());
    private final RedisCommands<String, String> commands = client.connect().sync();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Gateway> gateways = new ArrayList<>();

    @TempDir
    Path data = Path.of("replaced by JUnit");

    private Map<String, String> settings = Map.of();

    @BeforeEach
    void configure() {
        settings = new HashMap<>(Map.of(
                "POSTHASTE_REDIS_URI", redis.uri(),
                "POSTHASTE_ADMIN_PORT", "0",
                "POSTHASTE_ADMIN_TOKEN", TOKEN,
                "POSTHASTE_KEYS_SIGNING", "action-key",
                "POSTHASTE_KEYS_REPORTING", "reporting-key",
                "POSTHASTE_KEYS_ENCRYPTION", "0".repeat(64),
                "POSTHASTE_SEND_ALLOW_ADDRESSES", "127.0.0.1/32",
                "POSTHASTE_TIME_SCALE", "100"));
    }

    @AfterEach
    void stop() {
        gateways.forEach(Gateway::close);
        client.shutdown();
        List.of(receiver, reports, others).forEach(Receiver::close);
        redis.close();
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            sent          | 204 | {'body':'x'}                             | ``
            attempted     | 503 | {'body':'x'}                             | HTTP 503
            failed        | 404 | {'body':'x'}                             | HTTP 404
            failed        | 204 | {'body':'{{ customer.gone }}'}           | Variable 'customer.gone' is missing
            drafted       | 204 | {'body':'x','sending':'draft'}           | ``
            undeliverable | 204 | {'body':'x','sending':'off'}             | action is off
            undeliverable | 204 | {'body':'{% abort_message \\"no\\" %}'}  | no
            """)
    void everyStateChangeIsReportedSignedWithTheReportingKey(
            String metric, int status, String request, String failureMessage) {
        Gateway gateway = startGateway();
        webhook(gateway, "w", "{'url':'" + reports.url("/in") + "'}");
        receiver.answers(status);
        enqueue("job-1", request.replace("{'body", "{'url':'" + withCredentials() + "','headers':[],'body"));

        Received report = reports.takeRequest();
        JsonNode event = json(report);

        assertThat(event.path("metric").asText()).isEqualTo(metric);
        assertThat(event.path("object_type").asText()).isEqualTo("webhook");
        assertThat(event.path("timestamp").asLong()).isCloseTo(now(), org.assertj.core.data.Offset.offset(60L));
        assertThat(event.at("/data/delivery_id").asText()).isEqualTo("job-1");
        assertThat(event.at("/data/customer_id").asText()).isEqualTo("7");
        assertThat(event.at("/data/identifiers/email").asText()).isEqualTo("ada@example.com");
        assertThat(event.at("/data/failure_message").asText()).isEqualTo(failureMessage);
        assertThat(event.at("/data/recipient").asText("none")).isIn(receiver.url("/hook"), "none");
        assertThat(event.at("/data").has("recipient"))
                .isEqualTo(receiver.requestCount() > 0 || metric.equals("drafted"));
        assertThat(event.at("/data").has("content")).isFalse();
        assertThat(report.method()).isEqualTo("POST");
        assertThat(report.header("Content-Type")).isEqualTo("application/json");
        assertThat(report.header("X-CIO-Idempotency-Key"))
                .isEqualTo(event.path("event_id").asText());
        assertThat(verdict(report)).isEqualTo(Verdict.VALID);
        assertThat(asDescribed(event)).isEmpty();
    }

    private static List<Error> asDescribed(JsonNode event) {
        return SchemaRegistry.withDialect(Dialects.getOpenApi31())
                .getSchema(SchemaLocation.of("classpath:openapi.json#/components/schemas/ReportingEvent"))
                .validate(event);
    }

    @Test
    void whatWasCancelledIsUndeliverable() {
        Gateway gateway = startGateway();
        webhook(gateway, "w", "{'url':'" + reports.url("/") + "','metrics':['undeliverable']}");
        enqueue("job-1", "{'url':'" + receiver.url("/") + "','headers':[],'sending':'draft'}");
        await().atMost(WAIT)
                .until(() -> call(gateway, "DELETE", "/v1/drafts/job-1", "").statusCode() == 204);

        JsonNode event = json(reports.takeRequest());

        assertThat(event.path("metric").asText()).isEqualTo("undeliverable");
        assertThat(event.at("/data/failure_message").asText()).isNotEmpty();
        assertThat(event.at("/data/customer_id").asText()).isEqualTo("7");
    }

    @Test
    void contentGoesToThoseWhoAskAndOtherMetricsToNobodyElse() {
        Gateway gateway = startGateway();
        webhook(gateway, "plain", "{'url':'" + reports.url("/") + "','metrics':['failed','sent']}");
        webhook(gateway, "curious", "{'url':'" + others.url("/") + "','metrics':['sent'],'with_content':true}");
        receiver.answers(404);
        enqueue("fails", simple());
        assertThat(json(reports.takeRequest()).path("metric").asText()).isEqualTo("failed");
        enqueue("works", simple());

        assertThat(json(reports.takeRequest()).at("/data").has("content")).isFalse();
        assertThat(json(others.takeRequest()).at("/data/content").asText()).isEqualTo("id=7");
        assertThat(others.requestCount()).isEqualTo(1);
    }

    @Test
    void anEventThatIsNotTakenIsSentAgainBeforeTheNext() {
        Gateway gateway = startGateway();
        webhook(gateway, "w", "{'url':'" + reports.url("/") + "'}");
        reports.answers(204, 503, 504, 302, 204, 503);

        List<String> jobs = IntStream.range(0, 5).mapToObj(i -> "job-" + i).toList();
        for (String job : jobs) {
            enqueue(job, simple());
            await().atMost(WAIT).until(() -> reportsWritten() == jobs.indexOf(job) + 1);
        }

        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            seen.add(json(reports.takeRequest()).at("/data/delivery_id").asText());
        }
        assertThat(seen)
                .containsExactly("job-0", "job-1", "job-1", "job-1", "job-1", "job-2", "job-2", "job-3", "job-4");
        await().atMost(WAIT).until(() -> status(gateway, "w").path("delivered").asInt() == 5);
        assertThat(status(gateway, "w").path("lag").asInt()).isZero();
    }

    @Test
    void aReceiverThatHangsHoldsUpNobodyElse() {
        Gateway gateway = startGateway();
        others.usually(request -> Answer.never());
        webhook(gateway, "hanging", "{'url':'" + others.url("/") + "'}");
        webhook(gateway, "w", "{'url':'" + reports.url("/") + "'}");
        for (int i = 0; i < 20; i++) {
            enqueue("job-" + i, simple());
        }

        for (int i = 0; i < 20; i++) {
            reports.takeRequest();
        }

        assertThat(others.requestCount()).isEqualTo(1);
        assertThat(status(gateway, "hanging").path("delivered").asInt()).isZero();
    }

    @Test
    void aReceiverThatIsGoneIsPausedUntilSomebodyResumesIt() {
        settings.put("POSTHASTE_TIME_SCALE", "1");
        Gateway gateway = startGateway();
        webhook(gateway, "w", "{'url':'" + reports.url("/") + "'}");
        reports.answers(410);
        enqueue("job-1", simple());
        JsonNode refused = json(reports.takeRequest());
        await().atMost(WAIT).until(() -> status(gateway, "w").path("paused").asBoolean());
        JsonNode status = status(gateway, "w");
        assertThat(status.path("last_status").asInt()).isEqualTo(410);
        assertThat(status.path("last_reason").asText()).isEqualTo("HTTP 410");
        assertThat(status.path("next_attempt_at").asLong() / 1000)
                .isCloseTo(now() + 3_600, org.assertj.core.data.Offset.offset(60L));

        call(gateway, "POST", "/v1/reporting-webhooks/w/resume", "");

        assertThat(json(reports.takeRequest())).isEqualTo(refused);
        await().atMost(WAIT).until(() -> status(gateway, "w").path("delivered").asInt() == 1);
        assertThat(status(gateway, "w").path("paused").asBoolean()).isFalse();
    }

    @Test
    void whatWasNotTakenWhenStoppedIsToldByTheNext() {
        Gateway first = startGateway();
        reports.usually(request -> Answer.of(503));
        webhook(first, "w", "{'url':'" + reports.url("/") + "'}");
        enqueue("job-1", simple());
        JsonNode untaken = json(reports.takeRequest());
        first.close();
        int before = reports.requestCount();
        reports.usually(request -> Answer.of(204));

        Gateway second = startGateway();

        await().atMost(WAIT).until(() -> status(second, "w").path("delivered").asInt() == 1);
        assertThat(reports.requestCount()).isEqualTo(before + 1);
        for (int i = 1; i <= before; i++) {
            assertThat(json(reports.takeRequest())).isEqualTo(untaken);
        }
    }

    @Test
    void twoGatewaysShareTheWorkButNeverSendAtATime() {
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        reports.usually(request -> {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            CompletableFuture<Integer> later = new CompletableFuture<>();
            var released = later.completeOnTimeout(0, 2, TimeUnit.MILLISECONDS).thenRun(inFlight::decrementAndGet);
            return Answer.of(204).after(released);
        });
        Gateway one = startGateway();
        Gateway two = startGateway();
        webhook(one, "w", "{'url':'" + reports.url("/") + "'}");
        for (int i = 0; i < 100; i++) {
            enqueue("early-" + i, simple());
        }
        reports.takeRequest();
        one.close();
        for (int i = 0; i < 100; i++) {
            enqueue("late-" + i, simple());
        }

        await().atMost(WAIT).until(() -> status(two, "w").path("delivered").asInt() == 200);
        List<String> told = new ArrayList<>();
        for (int i = 1; i < reports.requestCount(); i++) {
            told.add(json(reports.takeRequest()).path("event_id").asText());
        }
        List<String> happened = commands.xrange("posthaste:{0}:reports", Range.unbounded()).stream()
                .map(entry -> "0-" + entry.getId())
                .toList();
        assertThat(most).hasValue(1);
        assertThat(told).isEqualTo(happened.subList(1, 200));
    }

    private Gateway startGateway() {
        Map<String, String> environment = new HashMap<>(settings);
        Gateway gateway = Gateway.start(
                ConfigLoader.load(null, environment), "test", Objects.requireNonNull(System.getenv("PATH")));
        gateways.add(gateway);
        return gateway;
    }

    private void webhook(Gateway gateway, String id, String json) {
        var saved = call(gateway, "PUT", "/v1/reporting-webhooks/" + id, json.replace('\'', '"'));
        assertThat(saved.statusCode()).as(saved.body()).isBetween(200, 201);
    }

    private JsonNode status(Gateway gateway, String id) {
        return new StrictJson()
                .read(call(gateway, "GET", "/v1/reporting-webhooks/" + id, "").body())
                .path("status");
    }

    private HttpResponse<String> call(Gateway gateway, String method, String path, String body) {
        URI uri = URI.create("http://127.0.0.1:" + gateway.address().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + TOKEN)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String withCredentials() {
        return receiver.url("/hook").replace("http://", "http://u:hunter2@");
    }

    private String simple() {
        return "{'url':'" + receiver.url("/") + "','headers':[],'body':'id={{customer.id}}'}";
    }

    private void enqueue(String id, String request) {
        String data = "{\"customer\":{\"id\":\"7\",\"email\":\"ada@example.com\"}}";
        commands.xadd(
                "posthaste:{0}:inbox",
                Map.of("v", "1", "id", id, "request", request.replace('\'', '"'), "lane", "bulk", "data", data));
    }

    private long reportsWritten() {
        return commands.exists("posthaste:{0}:reports") == 0 ? 0 : commands.xlen("posthaste:{0}:reports");
    }

    private static JsonNode json(Received report) {
        return new StrictJson().read(report.text());
    }

    private static Verdict verdict(Received report) {
        return new SignatureVerifier(SigningKey.of("reporting-key"), InstantSource.system(), Duration.ofMinutes(5))
                .verify(
                        Objects.requireNonNull(report.header("X-CIO-Timestamp")),
                        Objects.requireNonNull(report.header("X-CIO-Signature")),
                        report.body());
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }
}
