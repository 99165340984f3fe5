package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A delivery's turns are spans of its producer's trace, told to whom the standard variables name. */
class TracesIT {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    private final Receiver collector = Receiver.start();
    private final TestGateway gateway = new TestGateway().with("TIME_SCALE", "10000");
    private final List<Span> spans = new ArrayList<>();

    @AfterEach
    void stop() {
        gateway.close();
        collector.close();
    }

    @Test
    void aTurnIsASpanOfItsProducersTraceWithItsSteps() {
        ApiClient api = start("true");
        gateway.receiver.usually(request -> Answer.of(200));
        api.post("/v1/deliveries", job("a", "00-" + TRACE + "-" + PARENT + "-01"));

        await().atMost(WAIT).until(() -> named("settle") != null);
        Span deliver = span("deliver hook");
        Span send = span("POST");

        assertThat(spans)
                .allSatisfy(
                        span -> assertThat(hex(span.getTraceId().toByteArray())).isEqualTo(TRACE));
        assertThat(hex(deliver.getParentSpanId().toByteArray())).isEqualTo(PARENT);
        for (String step : List.of("queue", "render", "POST", "settle")) {
            assertThat(span(step).getParentSpanId()).isEqualTo(deliver.getSpanId());
        }
        assertThat(send.getEventsList()).extracting(Span.Event::getName).contains("waited", "connected", "first byte");
        assertThat(send.getAttributesList())
                .anyMatch(one -> one.getKey().equals("http.response.status_code")
                        && one.getValue().getIntValue() == 200);
        assertThat(gateway.receiver.takeRequest().header("traceparent"))
                .isEqualTo("00-" + TRACE + "-" + hex(send.getSpanId().toByteArray()) + "-01");
    }

    @Test
    void allAttemptsOfADeliveryWithoutATraceAreOne() {
        ApiClient api = start("false");
        gateway.receiver.answers(503, 503, 200);
        api.post("/v1/deliveries", job("a", null));

        await().atMost(WAIT).until(() -> count("deliver hook") == 3);

        assertThat(spans)
                .extracting(Span::getTraceId)
                .containsOnly(spans.getFirst().getTraceId());
        assertThat(count("queue")).isEqualTo(1);
        assertThat(count("render")).isEqualTo(1);
        assertThat(spans.stream().filter(span -> span.getName().equals("POST")))
                .extracting(span -> span.getStatus().getCode())
                .containsExactlyInAnyOrder(
                        StatusCode.STATUS_CODE_ERROR, StatusCode.STATUS_CODE_ERROR, StatusCode.STATUS_CODE_UNSET);
        assertThat(gateway.receiver.takeRequest().header("traceparent")).isNull();
    }

    @Test
    void aProducerThatDoesNotSampleIsKeptTo() {
        ApiClient api = start("true");
        gateway.receiver.usually(request -> Answer.of(200));
        api.post("/v1/deliveries", job("quiet", "00-" + TRACE + "-" + PARENT + "-00"));
        api.post("/v1/deliveries", job("told", null));

        await().atMost(WAIT).until(() -> count("deliver hook") == 1);

        assertThat(hex(spans.getFirst().getTraceId().toByteArray())).isNotEqualTo(TRACE);
    }

    @Test
    void withoutAnEndpointNobodyIsToldAndTheProducersTraceGoesOn() {
        ApiClient api = gateway.start().api();
        put(api, "true");
        gateway.receiver.usually(request -> Answer.of(200));
        api.post("/v1/deliveries", job("a", "00-" + TRACE + "-" + PARENT + "-01"));

        assertThat(gateway.receiver.takeRequest().header("traceparent"))
                .isEqualTo("00-" + TRACE + "-" + PARENT + "-01");
        assertThat(collector.requestCount()).isZero();
    }

    private ApiClient start(String traced) {
        ApiClient api = gateway.withStandard("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + collector.port())
                .withStandard("OTEL_BSP_SCHEDULE_DELAY", "50")
                .start()
                .api();
        put(api, traced);
        return api;
    }

    private void put(ApiClient api, String traced) {
        api.put("/v1/actions/hook", """
                {"url":"%s","body":"{}","trace":%s}""".formatted(gateway.receiver.url("/"), traced));
    }

    private static String job(String id, @Nullable String trace) {
        return "{\"id\":\"" + id + "\",\"action\":\"hook\",\"data\":{\"customer\":{\"id\":\"1\"}}"
                + (trace == null ? "}" : ",\"traceparent\":\"" + trace + "\"}");
    }

    private Span span(String name) {
        return Objects.requireNonNull(named(name), name);
    }

    private @Nullable Span named(String name) {
        read();
        return spans.stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private long count(String name) {
        read();
        return spans.stream().filter(span -> span.getName().equals(name)).count();
    }

    private int taken;

    private void read() {
        for (; taken < collector.requestCount(); taken++) {
            Receiver.Received request = collector.takeRequest();
            if (!request.path().equals("/v1/traces")) {
                continue;
            }
            byte[] body = request.body();
            try (InputStream in = isZipped(body)
                    ? new GZIPInputStream(new ByteArrayInputStream(body))
                    : new ByteArrayInputStream(body)) {
                ExportTraceServiceRequest.parseFrom(in).getResourceSpansList().stream()
                        .flatMap(resource -> resource.getScopeSpansList().stream())
                        .forEach(scope -> spans.addAll(scope.getSpansList()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static boolean isZipped(byte[] body) {
        return body.length > 1 && body[0] == 0x1f;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
