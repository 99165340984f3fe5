package io.posthaste.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What Prometheus reads; as OpenMetrics, which has room for exemplars, where there are some and it asks for that. */
public final class PrometheusPage {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final boolean hasExemplars;

    public PrometheusPage(PrometheusMeterRegistry registry, boolean hasExemplars) {
        this.registry = registry;
        this.hasExemplars = hasExemplars;
    }

    /** One page. */
    public record Page(String type, String text) {}

    /** @param accept what the reader's {@code Accept} says, empty for nothing */
    public Page read(String accept) {
        String type = hasExemplars && accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
        return new Page(type, registry.scrape(type));
    }
}
