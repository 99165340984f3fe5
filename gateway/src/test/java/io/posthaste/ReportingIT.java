package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.lettuce.core.Range;
import io.posthaste.json.StrictJson;
import io.posthaste.sign.SignatureVerifier;
import io.posthaste.sign.SignatureVerifier.Verdict;
import io.posthaste.sign.SigningKey;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import io.posthaste.testing.Receiver.Received;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** M63, M67, M84, M85 from job to event: a whole gateway, a receiver of deliveries and receivers of events. */
class ReportingIT {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final TestGateway gateway = new TestGateway().with("TIME_SCALE", "100");
    private final Receiver receiver = gateway.receiver;
    private final Receiver reports = Receiver.start();
    private final Receiver others = Receiver.start();

    @AfterEach
    void stop() {
        gateway.close();
        reports.close();
        others.close();
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
        gateway.start();
        webhook("w", "{'url':'" + reports.url("/in") + "'}");
        receiver.answers(status);
        enqueue("job-1", request.replace("{'body", "{'url':'" + withCredentials() + "','headers':[],'body"));

        Received report = reports.takeRequest();
        JsonNode event = json(report);

        assertThat(event.path("metric").asText()).isEqualTo(metric);
        assertThat(event.path("object_type").asText()).isEqualTo("webhook");
        assertThat(event.path("timestamp").asLong()).isCloseTo(now(), Offset.offset(60L));
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
        gateway.start();
        webhook("w", "{'url':'" + reports.url("/") + "','metrics':['undeliverable']}");
        enqueue("job-1", "{'url':'" + receiver.url("/") + "','headers':[],'sending':'draft'}");
        gateway.told("job-1", "drafted");
        gateway.api().delete("/v1/drafts/job-1");

        JsonNode event = json(reports.takeRequest());

        assertThat(event.path("metric").asText()).isEqualTo("undeliverable");
        assertThat(event.at("/data/failure_message").asText()).isNotEmpty();
        assertThat(event.at("/data/customer_id").asText()).isEqualTo("7");
    }

    @Test
    void contentGoesToThoseWhoAskAndOtherMetricsToNobodyElse() {
        gateway.start();
        webhook("plain", "{'url':'" + reports.url("/") + "','metrics':['failed','sent']}");
        webhook("curious", "{'url':'" + others.url("/") + "','metrics':['sent'],'with_content':true}");
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
        gateway.start();
        webhook("w", "{'url':'" + reports.url("/") + "'}");
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
        await().atMost(WAIT).until(() -> status("w").path("delivered").asInt() == 5);
        assertThat(status("w").path("lag").asInt()).isZero();
    }

    @Test
    void aReceiverThatHangsHoldsUpNobodyElse() {
        gateway.start();
        others.usually(request -> Answer.never());
        webhook("hanging", "{'url':'" + others.url("/") + "'}");
        webhook("w", "{'url':'" + reports.url("/") + "'}");
        for (int i = 0; i < 20; i++) {
            enqueue("job-" + i, simple());
        }

        for (int i = 0; i < 20; i++) {
            reports.takeRequest();
        }

        assertThat(others.requestCount()).isEqualTo(1);
        assertThat(status("hanging").path("delivered").asInt()).isZero();
    }

    @Test
    void aReceiverThatIsGoneIsPausedUntilSomebodyResumesIt() {
        gateway.with("TIME_SCALE", "1");
        gateway.start();
        webhook("w", "{'url':'" + reports.url("/") + "'}");
        reports.answers(410);
        enqueue("job-1", simple());
        JsonNode refused = json(reports.takeRequest());
        await().atMost(WAIT).until(() -> status("w").path("paused").asBoolean());
        JsonNode status = status("w");
        assertThat(status.path("last_status").asInt()).isEqualTo(410);
        assertThat(status.path("last_reason").asText()).isEqualTo("HTTP 410");
        assertThat(status.path("next_attempt_at").asLong() / 1000).isCloseTo(now() + 3_600, Offset.offset(60L));

        gateway.api().post("/v1/reporting-webhooks/w/resume", "");

        assertThat(json(reports.takeRequest())).isEqualTo(refused);
        await().atMost(WAIT).until(() -> status("w").path("delivered").asInt() == 1);
        assertThat(status("w").path("paused").asBoolean()).isFalse();
    }

    @Test
    void whatWasNotTakenWhenStoppedIsToldByTheNext() {
        gateway.start();
        reports.usually(request -> Answer.of(503));
        webhook("w", "{'url':'" + reports.url("/") + "'}");
        enqueue("job-1", simple());
        JsonNode untaken = json(reports.takeRequest());
        gateway.stop();
        int before = reports.requestCount();
        reports.usually(request -> Answer.of(204));

        gateway.start();

        await().atMost(WAIT).until(() -> status("w").path("delivered").asInt() == 1);
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
        gateway.start().start();
        webhook("w", "{'url':'" + reports.url("/") + "'}");
        for (int i = 0; i < 100; i++) {
            enqueue("early-" + i, simple());
        }
        reports.takeRequest();
        gateway.stop();
        for (int i = 0; i < 100; i++) {
            enqueue("late-" + i, simple());
        }

        await().atMost(WAIT).until(() -> status("w").path("delivered").asInt() == 200);
        List<String> told = new ArrayList<>();
        for (int i = 1; i < reports.requestCount(); i++) {
            told.add(json(reports.takeRequest()).path("event_id").asText());
        }
        List<String> happened = gateway.commands.xrange("posthaste:{0}:reports", Range.unbounded()).stream()
                .map(entry -> "0-" + entry.getId())
                .toList();
        assertThat(most).hasValue(1);
        assertThat(told).isEqualTo(happened.subList(1, 200));
    }

    private void webhook(String id, String json) {
        gateway.api().put("/v1/reporting-webhooks/" + id, json.replace('\'', '"'));
    }

    private JsonNode status(String id) {
        return gateway.api().get("/v1/reporting-webhooks/" + id).path("status");
    }

    private String withCredentials() {
        return receiver.url("/hook").replace("http://", "http://u:hunter2@");
    }

    private String simple() {
        return "{'url':'" + receiver.url("/") + "','headers':[],'body':'id={{customer.id}}'}";
    }

    private void enqueue(String id, String request) {
        String data = "{\"customer\":{\"id\":\"7\",\"email\":\"ada@example.com\"}}";
        gateway.enqueue(id, "request", request.replace('\'', '"'), "lane", "bulk", "data", data);
    }

    private long reportsWritten() {
        return gateway.commands.xlen("posthaste:{0}:reports");
    }

    private static JsonNode json(Received report) {
        return new StrictJson().read(report.text());
    }

    private static Verdict verdict(Received report) {
        return new SignatureVerifier(
                        SigningKey.of(TestGateway.REPORTING_KEY), InstantSource.system(), Duration.ofMinutes(5))
                .verify(
                        Objects.requireNonNull(report.header("X-CIO-Timestamp")),
                        Objects.requireNonNull(report.header("X-CIO-Signature")),
                        report.body());
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }
}
