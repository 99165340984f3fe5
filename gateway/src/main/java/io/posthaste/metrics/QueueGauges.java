package io.posthaste.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The queue as it was last looked at. Lanes are a tag, so their number is bounded: the deepest are shown. */
public final class QueueGauges {
    /** Enough to see what hurts; a thousand actions would make a thousand time series for each gauge. */
    private static final int LANES_SHOWN = 100;

    private static final Map<String, String> TOTALS = Map.of(
            "inbox", "Jobs that no claim has taken in yet",
            "inbox_age_seconds", "How long the oldest of them waits",
            "leased", "Jobs in flight, over all instances",
            "failed", "Failed deliveries that are kept",
            "drafted", "Drafts that wait for somebody",
            "quarantined", "Inbox entries that were no jobs");

    private final AtomicReference<Map<String, Long>> totals = new AtomicReference<>(Map.of());
    private final TaggedGauge waiting;
    private final TaggedGauge age;
    private final TaggedGauge leased;

    /**
     * One lane.
     *
     * @param ageSeconds how long its head has been due, 0 if it is not
     */
    public record Lane(String name, long waiting, long leased, double ageSeconds) {}

    public QueueGauges(MeterRegistry registry) {
        waiting = gauge(registry, "posthaste.lane.waiting.jobs", "Jobs that wait in the lane, due or not");
        age = gauge(registry, "posthaste.lane.age.seconds", "How long the lane's head has been due");
        leased = gauge(registry, "posthaste.lane.leased.jobs", "Jobs of the lane in flight, over all instances");
        TOTALS.forEach((total, description) -> Gauge.builder(
                        "posthaste.queue." + total, totals, map -> map.get().getOrDefault(total, 0L))
                .description(description)
                .register(registry));
    }

    /** Replaces what is shown. {@code totals} by the names above. */
    public void update(Map<String, Long> totals, List<Lane> lanes) {
        this.totals.set(totals);
        List<Lane> shown = lanes.stream()
                .sorted(Comparator.comparingLong(Lane::waiting).reversed())
                .limit(LANES_SHOWN)
                .toList();
        set(waiting, shown, Lane::waiting);
        set(age, shown, Lane::ageSeconds);
        set(leased, shown, Lane::leased);
    }

    private static void set(TaggedGauge gauge, List<Lane> lanes, Function<Lane, Number> value) {
        Map<String, Number> numbers = new HashMap<>();
        lanes.forEach(lane -> numbers.put(lane.name(), value.apply(lane)));
        gauge.update(numbers);
    }

    private static TaggedGauge gauge(MeterRegistry registry, String name, String description) {
        return new TaggedGauge(registry, name, description, "lane");
    }
}
