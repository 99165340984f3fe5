package io.posthaste.boot;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.posthaste.metrics.ProcessMetrics;
import io.posthaste.metrics.PrometheusPage;
import io.posthaste.trace.Traces;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Where everything is counted: for Prometheus, and for an OpenTelemetry collector if the standard variables name one. */
record Meters(MeterRegistry registry, PrometheusPage page) {
    /** Exemplars on buckets and counters only: a Prometheus refuses the whole page for one on a {@code _count}. */
    private static final PrometheusConfig ON_BUCKETS = new PrometheusConfig() {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public Properties prometheusProperties() {
            return new Properties();
        }
    };

    static Meters create(Map<String, String> environment, String version, Traces traces, Lifecycle lifecycle) {
        var exemplars = traces.exemplars();
        PrometheusMeterRegistry prometheus = exemplars == null
                ? new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)
                : new PrometheusMeterRegistry(ON_BUCKETS, new PrometheusRegistry(), Clock.SYSTEM, exemplars);
        MeterRegistry registry = prometheus;
        if (PushedMetrics.isWanted(environment)) {
            CompositeMeterRegistry both = new CompositeMeterRegistry();
            both.add(prometheus);
            OtlpMeterRegistry pushed = PushedMetrics.start(environment, version);
            lifecycle.onStop("pushed metrics", pushed::close);
            both.add(pushed);
            registry = both;
        }
        ProcessMetrics.bindTo(registry);
        return new Meters(registry, new PrometheusPage(prometheus, exemplars != null));
    }
}
