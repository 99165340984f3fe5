package io.posthaste.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;

/** How long certificates that the gateway shows to others are still valid. */
public final class CertificateGauges {
    private final MultiGauge left;

    public CertificateGauges(MeterRegistry registry) {
        this.left = MultiGauge.builder("posthaste.certificate.expires.seconds")
                .description("Until the client certificate of a connection ends")
                .register(registry);
    }

    /** Replaces what is shown: seconds by the connection's name. */
    public void update(Map<String, Long> seconds) {
        List<MultiGauge.Row<?>> rows = seconds.entrySet().stream()
                .<MultiGauge.Row<?>>map(
                        entry -> MultiGauge.Row.of(Tags.of("connection", entry.getKey()), entry.getValue()))
                .toList();
        left.register(rows, true);
    }
}
