package io.posthaste.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** One number for each value of a tag; values that are gone are shown no more. Safe for any number of threads. */
public final class TaggedGauge {
    private final MultiGauge gauge;
    private final String tag;

    /** Rows stay while their values do: who reads while one is replaced finds it twice, which is an error, or not at all. */
    private final Map<String, AtomicReference<Number>> shown = new HashMap<>();

    TaggedGauge(MeterRegistry registry, String name, String what, String tag) {
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

    /** Replaces what is shown: numbers by the tag's values. */
    public synchronized void update(Map<String, ? extends Number> numbers) {
        numbers.forEach((value, number) -> shown.computeIfAbsent(value, key -> new AtomicReference<>(number))
                .set(number));
        shown.keySet().retainAll(numbers.keySet());
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        shown.forEach((value, number) -> rows.add(
                MultiGauge.Row.of(Tags.of(tag, value), number, now -> now.get().doubleValue())));
        gauge.register(rows, false);
    }
}
