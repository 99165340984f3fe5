package io.posthaste.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;

/** How many troubles of each kind there are. */
public final class AlertGauges {
    private final MultiGauge alerts;

    public AlertGauges(MeterRegistry registry) {
        this.alerts = MultiGauge.builder("posthaste.alerts")
                .description("Troubles that last: paused or failing lanes, old backlogs, certificates that end")
                .register(registry);
    }

    /** Replaces what is shown: numbers by kind. */
    public void update(Map<String, Long> counts) {
        List<MultiGauge.Row<?>> rows = counts.entrySet().stream()
                .<MultiGauge.Row<?>>map(entry -> MultiGauge.Row.of(Tags.of("kind", entry.getKey()), entry.getValue()))
                .toList();
        alerts.register(rows, true);
    }
}
