package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.posthaste.cli.ApiClient;
import io.posthaste.config.ConfigException;
import io.posthaste.testing.Receiver;
import io.posthaste.testing.Receiver.Answer;
import io.posthaste.testing.Receiver.Received;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector and a real Prometheus are told beside spans: examples of durations, and metrics. */
class TelemetryIT {
    private static final Duration WAIT = Duration.ofSeconds(90);
    private static final String OPEN_METRICS =
            "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

    private final Receiver collector = Receiver.start();
    private final TestGateway gateway = new TestGateway();
    private final List<Received> told = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        gateway.close();
        collector.close();
    }

    @Test
    void aRealPrometheusKeepsTheTraceOfADurationThatTheCollectorHas() throws Exception {
        ApiClient api = start();
        try (PrometheusServer prometheus = PrometheusServer.start(
                directory,
                gateway.address().substring("http://".length()),
                PrometheusServer.CONFIG.resolve("alerts.yaml"),
                "--enable-feature=exemplar-storage")) {
            Set<String> examples = new TreeSet<>();
            await().atMost(WAIT).ignoreExceptions().until(() -> {
                send(api);
                examples.addAll(examples(prometheus, "posthaste_delivery_latency_seconds_bucket"));
                return !examples.isEmpty();
            });

            await().atMost(WAIT).until(() -> traces().containsAll(examples));
            String delivered = "posthaste_deliveries_total{outcome=\"delivered\"}";
            await().atMost(WAIT)
                    .ignoreExceptions()
                    .until(() -> !prometheus.query(delivered).isEmpty());
        }
    }

    @Test
    void withoutTracesThePageIsTheOneItWasWhateverIsAskedFor() throws Exception {
        ApiClient api = save(gateway.start().api());
        send(api);
        await().atMost(WAIT).until(() -> page("").contains("posthaste_deliveries_total{outcome=\"delivered\"} 1.0"));

        assertThat(page(OPEN_METRICS)).doesNotContain("# EOF", "trace_id");
    }

    @Test
    void aTraceThatNobodyExportsIsNoExample() throws Exception {
        gateway.withStandard("OTEL_TRACES_SAMPLER", "always_off");
        ApiClient api = start();
        send(api);
        await().atMost(WAIT)
                .until(() -> page(OPEN_METRICS).contains("posthaste_deliveries_total{outcome=\"delivered\"} 1.0"));

        assertThat(page(OPEN_METRICS)).contains("# EOF").doesNotContain("trace_id");
    }

    @Test
    void aCollectorIsToldTheMetricsOfPrometheusInSeconds() throws Exception {
        gateway.withStandard("OTEL_METRIC_EXPORT_INTERVAL", "1000")
                .withStandard("OTEL_SERVICE_NAME", "webhooks")
                .withStandard("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=a%20b");
        ApiClient api = start();
        send(api);

        await().atMost(WAIT).until(() -> delivered() == 1);

        HistogramDataPoint answers =
                metric("posthaste.attempt.duration").getHistogram().getDataPoints(0);
        assertThat(answers.getCount()).isEqualTo(1);
        assertThat(answers.getSum()).isLessThan((double) WAIT.toSeconds());
        assertThat(answers.getExplicitBoundsList()).contains(0.005, 0.1, 30.0);
        assertThat(metric("posthaste.attempt.duration").getUnit()).isEqualTo("seconds");
        assertThat(namesOfPrometheus()).isSubsetOf(namesPushed());
        assertThat(resource().getResource().getAttributesList())
                .extracting(KeyValue::getKey, pair -> pair.getValue().getStringValue())
                .contains(tuple("service.name", "webhooks"), tuple("service.version", TestGateway.VERSION));
        assertThat(pushed().getLast().header("x-tenant")).isEqualTo("a b");
    }

    @Test
    void nobodyIsToldMetricsWhoDoesNotWantThem() {
        gateway.withStandard("OTEL_METRIC_EXPORT_INTERVAL", "100").withStandard("OTEL_METRICS_EXPORTER", "none");
        send(start());
        await().atMost(WAIT).until(() -> !traces().isEmpty());
        gateway.stop();

        assertThat(pushed()).isEmpty();
    }

    @Test
    void whatTheVariablesAskForInVainIsSaid() {
        gateway.withStandard("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://127.0.0.1:" + collector.port())
                .withStandard("OTEL_METRIC_EXPORT_INTERVAL", "1m");

        assertThatThrownBy(gateway::start)
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "OTEL_METRIC_EXPORT_INTERVAL: \"1m\" is no number of milliseconds; write 60000 for a minute");
    }

    private ApiClient start() {
        return save(gateway.withStandard("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + collector.port())
                .withStandard("OTEL_BSP_SCHEDULE_DELAY", "50")
                .start()
                .api());
    }

    private ApiClient save(ApiClient api) {
        gateway.receiver.usually(request -> Answer.of(200));
        api.put("/v1/actions/hook", "{\"url\":\"%s\",\"body\":\"{}\"}".formatted(gateway.receiver.url("/")));
        return api;
    }

    private static void send(ApiClient api) {
        api.post("/v1/deliveries", "{\"action\":\"hook\",\"data\":{\"customer\":{\"id\":\"1\"}}}");
    }

    private static Set<String> examples(PrometheusServer prometheus, String series)
            throws IOException, InterruptedException {
        Instant now = Instant.now();
        JsonNode found = prometheus.get(
                "query_exemplars?query=" + series + "&start=" + now.minusSeconds(600) + "&end=" + now.plusSeconds(60));
        return Set.copyOf(found.findValuesAsText("trace_id"));
    }

    private String page(String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.address() + "/metrics"))
                .header("Authorization", "Bearer " + TestGateway.TOKEN)
                .header("Accept", accept.isEmpty() ? "*/*" : accept)
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    /** The names on Prometheus' page as they were given: without what it makes of kinds and units. */
    private Set<String> namesOfPrometheus() throws IOException, InterruptedException {
        return page("").lines()
                .filter(line -> line.startsWith("# TYPE posthaste_"))
                .map(line -> plain(line.split(" ", -1)[2]))
                .filter(name -> !name.endsWith("_max"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> namesPushed() throws IOException {
        return metrics().stream().map(metric -> plain(metric.getName())).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String plain(String name) {
        return name.replace('.', '_')
                .replaceFirst("_total$", "")
                .replaceFirst("(_duration|_latency|_delay)_seconds$", "$1");
    }

    private double delivered() throws IOException {
        return metrics().stream()
                .filter(metric -> metric.getName().equals("posthaste.deliveries"))
                .flatMap(metric -> metric.getSum().getDataPointsList().stream())
                .filter(point ->
                        point.getAttributes(0).getValue().getStringValue().equals("delivered"))
                .mapToDouble(point -> point.getAsDouble() + point.getAsInt())
                .sum();
    }

    private Metric metric(String name) throws IOException {
        return metrics().stream()
                .filter(metric -> metric.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Of the last time. */
    private List<Metric> metrics() throws IOException {
        return pushed().isEmpty()
                ? List.of()
                : resource().getScopeMetricsList().stream()
                        .flatMap(scope -> scope.getMetricsList().stream())
                        .toList();
    }

    private ResourceMetrics resource() throws IOException {
        return ExportMetricsServiceRequest.parseFrom(bytes(pushed().getLast())).getResourceMetrics(0);
    }

    private List<Received> pushed() {
        return told("/v1/metrics");
    }

    private Set<String> traces() {
        return told("/v1/traces").stream()
                .map(TelemetryIT::spans)
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .map(span -> HexFormat.of().formatHex(span.getTraceId().toByteArray()))
                .collect(Collectors.toSet());
    }

    private static ExportTraceServiceRequest spans(Received request) {
        try {
            return ExportTraceServiceRequest.parseFrom(bytes(request));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Received> told(String path) {
        while (told.size() < collector.requestCount()) {
            told.add(collector.takeRequest());
        }
        return told.stream().filter(request -> request.path().equals(path)).toList();
    }

    private static InputStream bytes(Received request) throws IOException {
        byte[] body = request.body();
        boolean zipped = body.length > 1 && body[0] == 0x1f;
        InputStream in = new ByteArrayInputStream(body);
        return zipped ? new GZIPInputStream(in) : in;
    }
}
