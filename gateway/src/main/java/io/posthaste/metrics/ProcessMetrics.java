package io.posthaste.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.function.BooleanSupplier;

/** When the process was started, and what it takes of its machine. */
public final class ProcessMetrics {
    private ProcessMetrics() {}

    public static void bindTo(MeterRegistry registry) {
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /** What {@code /readyz} says, for those who only read metrics: with Redis away the other figures stand still. */
    public static void showReady(MeterRegistry registry, BooleanSupplier isReady) {
        Gauge.builder("posthaste.ready", () -> isReady.getAsBoolean() ? 1 : 0)
                .description("Whether the gateway can deliver, as /readyz says")
                .register(registry);
    }
}
