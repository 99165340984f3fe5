package io.posthaste.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;

/** One number for each value of a tag; values that are gone are shown no more. */
public final class TaggedGauge {
    private final MultiGauge gauge;
    private final String tag;

    private TaggedGauge(MeterRegistry registry, String name, String what, String tag) {
        this.gauge = MultiGauge.builder(name).description(what).register(registry);
        this.tag = tag;
    }

    /** How many troubles of each kind there are. */
    public static TaggedGauge alerts(MeterRegistry registry) {
        return new TaggedGauge(
                registry,
                "posthaste.alerts",
                "Troubles that last: paused or failing lanes, old backlogs, certificates that end",
                "kind");
    }

    /** How long certificates that the gateway shows to others are still valid, in seconds by the connection's name. */
    public static TaggedGauge certificates(MeterRegistry registry) {
        return new TaggedGauge(
                registry,
                "posthaste.certificate.expires.seconds",
                "Until the client certificate of a connection ends",
                "connection");
    }

    /** How far each consumer group of the results is behind. */
    static TaggedGauge readers(MeterRegistry registry) {
        return new TaggedGauge(
                registry, "posthaste.results.lag", "Results that a consumer group has still to read", "group");
    }

    /** Replaces what is shown: numbers by the tag's values. */
    public void update(Map<String, Long> numbers) {
        List<MultiGauge.Row<?>> rows = numbers.entrySet().stream()
                .<MultiGauge.Row<?>>map(entry -> MultiGauge.Row.of(Tags.of(tag, entry.getKey()), entry.getValue()))
                .toList();
        gauge.register(rows, true);
    }
}
