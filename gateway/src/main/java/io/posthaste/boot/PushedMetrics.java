package io.posthaste.boot;

import io.micrometer.core.ipc.http.HttpUrlConnectionSender;
import io.micrometer.registry.otlp.AggregationTemporality;
import io.micrometer.registry.otlp.CompressionMode;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.posthaste.config.ConfigException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Metrics by OTLP over HTTP, as the standard {@code OTEL_…} variables say: the names of Prometheus with dots, times in seconds. */
final class PushedMetrics {
    private static final String INTERVAL = "OTEL_METRIC_EXPORT_INTERVAL";
    private static final String PROTOCOL = "http/protobuf";

    private PushedMetrics() {}

    /** Whether the variables name somebody to tell. */
    static boolean isWanted(Map<String, String> environment) {
        return endpoint(environment) != null
                && List.of(environment
                                .getOrDefault("OTEL_METRICS_EXPORTER", "otlp")
                                .split(","))
                        .contains("otlp")
                && !"true".equalsIgnoreCase(environment.get("OTEL_SDK_DISABLED"));
    }

    /** Tells from now on, and once more when it is closed. What nobody takes is dropped: the next time tells all anew. */
    static OtlpMeterRegistry start(Map<String, String> environment, String version) {
        String protocol = value(environment, "PROTOCOL", PROTOCOL);
        if (!protocol.equals(PROTOCOL)) {
            throw new ConfigException(List.of("OTEL_EXPORTER_OTLP_PROTOCOL: \"" + protocol + "\" is not spoken; write "
                    + PROTOCOL + ", or OTEL_METRICS_EXPORTER=none"));
        }
        Duration timeout = millis("OTEL_EXPORTER_OTLP_TIMEOUT", value(environment, "TIMEOUT", "10000"));
        return OtlpMeterRegistry.builder(new Settings(environment, version))
                .metricsSender(new OtlpHttpMetricsSender(new HttpUrlConnectionSender(timeout, timeout)))
                .build();
    }

    private static @Nullable String endpoint(Map<String, String> environment) {
        String own = environment.get("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        String base = environment.get("OTEL_EXPORTER_OTLP_ENDPOINT");
        return own != null || base == null ? own : base.replaceFirst("/*$", "/v1/metrics");
    }

    /** That of metrics alone comes before that of all signals. */
    private static String value(Map<String, String> environment, String name, String usual) {
        String general = environment.getOrDefault("OTEL_EXPORTER_OTLP_" + name, usual);
        return environment.getOrDefault("OTEL_EXPORTER_OTLP_METRICS_" + name, general);
    }

    private static Duration millis(String name, String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new ConfigException(
                    List.of(name + ": \"" + text + "\" is no number of milliseconds; write 60000 for a minute"));
        }
        return Duration.ofMillis(Long.parseLong(text));
    }

    /** {@code a=1,b=2}, percent-encoded. */
    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                String encoded = pair.substring(equals + 1).strip().replace("+", "%2B");
                pairs.put(pair.substring(0, equals).strip(), URLDecoder.decode(encoded, StandardCharsets.UTF_8));
            }
        }
        return pairs;
    }

    private record Settings(Map<String, String> environment, String version) implements OtlpConfig {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public String url() {
            String url = endpoint(environment);
            return url == null ? "" : url;
        }

        @Override
        public Duration step() {
            return millis(INTERVAL, environment.getOrDefault(INTERVAL, "60000"));
        }

        @Override
        public Map<String, String> headers() {
            return pairs(value(environment, "HEADERS", ""));
        }

        @Override
        public Map<String, String> resourceAttributes() {
            Map<String, String> attributes = new LinkedHashMap<>();
            attributes.put("service.name", "posthaste");
            attributes.put("service.version", version);
            attributes.putAll(pairs(environment.getOrDefault("OTEL_RESOURCE_ATTRIBUTES", "")));
            String name = environment.get("OTEL_SERVICE_NAME");
            if (name != null) {
                attributes.put("service.name", name);
            }
            return attributes;
        }

        @Override
        public AggregationTemporality aggregationTemporality() {
            String wanted =
                    value(environment, "TEMPORALITY_PREFERENCE", "cumulative").toLowerCase(Locale.ROOT);
            return wanted.equals("cumulative") ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA;
        }

        @Override
        public CompressionMode compressionMode() {
            return value(environment, "COMPRESSION", "none").equals("gzip")
                    ? CompressionMode.GZIP
                    : CompressionMode.NONE;
        }

        @Override
        public TimeUnit baseTimeUnit() {
            return TimeUnit.SECONDS;
        }
    }
}
