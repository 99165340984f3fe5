package io.posthaste.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TaggedGaugeTest {
    private static final int PAGES = 3_000;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final TaggedGauge gauge = new TaggedGauge(registry, "lag", "How far", "group");

    @Test
    void numbersAreShownAsTheyWereGivenLast() {
        gauge.update(Map.of("a", 1L, "b", 2L));
        gauge.update(Map.of("a", 3L, "c", 0.5));
        assertThat(rows()).containsExactlyInAnyOrder("lag{group=\"a\"} 3.0", "lag{group=\"c\"} 0.5");

        gauge.update(Map.of("b", 4L));
        assertThat(rows()).containsExactly("lag{group=\"b\"} 4.0");
    }

    @Test
    void whoReadsWhileNumbersChangeFindsEachOnce() throws Exception {
        gauge.update(Map.of("a", 0L, "b", 0L));
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < PAGES; i++) {
                assertThat(rows()).hasSize(2);
            }
        });
        for (long i = 0; !reading.isDone(); i++) {
            gauge.update(Map.of("a", i, "b", i));
        }

        reading.get();
    }

    private String[] rows() {
        return registry.scrape().lines().filter(line -> line.startsWith("lag{")).toArray(String[]::new);
    }
}
