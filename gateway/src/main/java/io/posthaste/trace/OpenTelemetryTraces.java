package io.posthaste.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.posthaste.job.Attempt;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Trip;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Spans by OTLP, as the standard {@code OTEL_…} variables say. A turn is a span from claim to settlement, with one each for
 * waiting in the queue, rendering, the request with its phases, and settling. What cannot be exported in time is dropped:
 * the exporter's queue is bounded.
 */
public final class OpenTelemetryTraces implements Traces, AutoCloseable {
    private static final AttributeKey<String> DELIVERY = AttributeKey.stringKey("posthaste.delivery.id");
    private static final AttributeKey<String> LANE = AttributeKey.stringKey("posthaste.lane");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("posthaste.attempt");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("posthaste.outcome");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> HOST = AttributeKey.stringKey("server.address");
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;
    private final PresetIds ids;
    private final CountedTurn counted = new CountedTurn(this::isExported);

    private OpenTelemetryTraces(OpenTelemetrySdk sdk, PresetIds ids, String version) {
        this.sdk = sdk;
        this.ids = ids;
        this.tracer = sdk.getTracer("posthaste", version);
    }

    /** Whether the variables name somebody to tell. */
    public static boolean isWanted(Map<String, String> environment) {
        boolean named = environment.containsKey("OTEL_EXPORTER_OTLP_ENDPOINT")
                || environment.containsKey("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        return named && !"true".equalsIgnoreCase(environment.get("OTEL_SDK_DISABLED"));
    }

    public static OpenTelemetryTraces create(Map<String, String> environment, String version) {
        PresetIds ids = new PresetIds();
        OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .addPropertiesSupplier(() -> Map.of(
                        "otel.service.name", "posthaste",
                        "otel.exporter.otlp.protocol", "http/protobuf",
                        "otel.metrics.exporter", "none",
                        "otel.logs.exporter", "none"))
                .addPropertiesCustomizer(read -> properties(environment))
                .addTracerProviderCustomizer((provider, read) -> provider.setIdGenerator(ids))
                .build()
                .getOpenTelemetrySdk();
        return new OpenTelemetryTraces(sdk, ids, version);
    }

    private static Map<String, String> properties(Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("OTEL_")) {
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return properties;
    }

    @Override
    public String header(Lease lease) {
        return SpanIds.of(lease).header();
    }

    @Override
    public void ended(Turn turn) {
        SpanIds of = SpanIds.of(turn.lease());
        Context parent = parent(of);
        Attempt attempt = attemptOf(turn.outcome());
        Span deliver = started(
                        tracer.spanBuilder("deliver " + turn.lease().job().lane()), parent, turn.takenAt())
                .setAttribute(DELIVERY, turn.lease().job().id())
                .setAttribute(LANE, turn.lease().job().lane())
                .setAttribute(ATTEMPT, (long) turn.lease().attempt())
                .setAttribute(OUTCOME, turn.outcome().getClass().getSimpleName().toLowerCase(Locale.ROOT));
        if (!(turn.outcome() instanceof Outcome.Delivered)) {
            deliver.setStatus(StatusCode.ERROR, attempt == null ? "" : attempt.reason());
        }
        Context inside = parent.with(deliver);
        if (turn.lease().past().attempts() == 0) {
            Instant enqueued = Instant.ofEpochMilli(turn.lease().job().enqueuedAtMillis());
            span("queue", inside, enqueued.isAfter(turn.takenAt()) ? turn.takenAt() : enqueued, turn.takenAt());
        }
        if (attempt != null) {
            request(turn, attempt, of, inside);
        }
        span("settle", inside, turn.settlingAt(), turn.settledAt());
        deliver.end(turn.settledAt());
    }

    private static Context parent(SpanIds of) {
        return Context.root()
                .with(Span.wrap(SpanContext.createFromRemoteParent(
                        of.trace(),
                        of.parent(),
                        of.isSampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                        TraceState.getDefault())));
    }

    @Override
    public void count(Lease lease, Runnable counting) {
        counted.count(lease, counting);
    }

    @Override
    public io.prometheus.metrics.tracer.common.SpanContext exemplars() {
        return counted;
    }

    private boolean isExported(SpanIds of) {
        return sdk.getSdkTracerProvider()
                .getSampler()
                .shouldSample(parent(of), of.trace(), "deliver", SpanKind.INTERNAL, Attributes.empty(), List.of())
                .getDecision()
                .equals(SamplingDecision.RECORD_AND_SAMPLE);
    }

    private void request(Turn turn, Attempt attempt, SpanIds of, Context inside) {
        Instant sentAt = Instant.ofEpochMilli(attempt.startedAtMillis());
        if (turn.lease().unchanged() == null) {
            span("render", inside, turn.takenAt(), sentAt);
        }
        ids.next(of.send());
        RenderedRequest sent = turn.request();
        String method = sent == null ? "" : sent.method();
        Span send = started(tracer.spanBuilder(method).setSpanKind(SpanKind.CLIENT), inside, sentAt)
                .setAttribute(METHOD, method)
                .setAttribute(HOST, sent == null ? "" : sent.host());
        if (attempt.status() > 0) {
            send.setAttribute(STATUS, (long) attempt.status());
        }
        if (!attempt.reason().isEmpty()) {
            send.setStatus(StatusCode.ERROR, attempt.reason());
        }
        Attempt.Details details = attempt.details();
        if (details != null) {
            phases(send, sentAt, details.trip());
        }
        send.end(sentAt.plusMillis(attempt.elapsedMillis()));
    }

    private static void phases(Span send, Instant sentAt, Trip trip) {
        if (!trip.address().isEmpty()) {
            send.setAttribute(PEER, trip.address());
        }
        long at = phase(send, sentAt, 0, trip.waitMillis(), "waited");
        at = phase(send, sentAt, at, trip.connectMillis(), "connected");
        at = phase(send, sentAt, at, trip.tlsMillis(), "secured");
        phase(send, sentAt, at, trip.firstByteMillis(), "first byte");
    }

    /** Answers when it ended, ms from the beginning. */
    private static long phase(Span send, Instant sentAt, long from, long took, String name) {
        if (took < 0) {
            return from;
        }
        send.addEvent(name, Attributes.empty(), sentAt.plusMillis(from + took));
        return from + took;
    }

    private void span(String name, Context inside, Instant from, Instant to) {
        started(tracer.spanBuilder(name), inside, from).end(to.isBefore(from) ? from : to);
    }

    private static Span started(SpanBuilder builder, Context inside, Instant from) {
        return builder.setParent(inside).setStartTimestamp(from).startSpan();
    }

    private static @Nullable Attempt attemptOf(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered done -> done.attempt();
            case Outcome.Retry again -> again.attempt();
            case Outcome.Failed failed -> failed.attempt();
            case Outcome.Aborted none -> null;
            case Outcome.Skipped none -> null;
            case Outcome.Cancelled none -> null;
            case Outcome.Drafted none -> null;
            case Outcome.Released none -> null;
        };
    }

    /** What was not exported yet has some seconds. */
    @Override
    public void close() {
        sdk.shutdown().join(5, TimeUnit.SECONDS);
    }

    /** Random ids, but for a span whose id was told to its receiver before it is made. */
    private static final class PresetIds implements IdGenerator {
        private final ThreadLocal<String> preset = new ThreadLocal<>();

        void next(String id) {
            preset.set(id);
        }

        @Override
        public String generateSpanId() {
            String id = preset.get();
            preset.remove();
            return id == null ? IdGenerator.random().generateSpanId() : id;
        }

        @Override
        public String generateTraceId() {
            return IdGenerator.random().generateTraceId();
        }
    }
}
