package io.posthaste.deliver;

import io.posthaste.metrics.QueueGauges;
import io.posthaste.metrics.Repeating;
import io.posthaste.queue.browse.Deliveries;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Looks at the queue's depth now and then, so that metrics and dashboards cost Redis the same however often they are read.
 */
public final class DepthWatch {
    private static final Logger log = LoggerFactory.getLogger(DepthWatch.class);

    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final Deliveries deliveries;
    private final QueueGauges gauges;
    private final Scheduler timer;
    private final InstantSource clock;
    private final IntSupplier gateways;
    private final Disposable.Swap loop = Disposables.swap();
    private volatile Deliveries.Depth latest = Deliveries.Depth.UNKNOWN;

    /** @param gateways how many live: many of them each look less often, so that Redis pays the same */
    public DepthWatch(
            Deliveries deliveries, QueueGauges gauges, Scheduler timer, InstantSource clock, IntSupplier gateways) {
        this.gateways = gateways;
        this.deliveries = deliveries;
        this.gauges = gauges;
        this.timer = timer;
        this.clock = clock;
    }

    public void start() {
        loop.update(Repeating.everyShared(
                "depth", Duration.ZERO, PERIOD, timer, gateways, () -> look().doOnNext(this::show)));
    }

    /** What was seen last; {@link Deliveries.Depth#UNKNOWN} before the first look. */
    public Deliveries.Depth latest() {
        return latest;
    }

    public void stop() {
        loop.dispose();
    }

    private Mono<Deliveries.Depth> look() {
        return deliveries.depth().onErrorResume(failure -> {
            log.atDebug().addKeyValue("cause", failure.toString()).log("depth.unknown");
            return Mono.empty();
        });
    }

    private void show(Deliveries.Depth depth) {
        latest = depth;
        gauges.update(
                Map.of(
                        "inbox", depth.inbox().entries(),
                        "inbox_age_seconds", (long) age(depth.inbox().oldestMillis()),
                        "leased", depth.totals().leased(),
                        "failed", depth.totals().failed(),
                        "drafted", depth.totals().drafted(),
                        "quarantined", depth.totals().quarantined()),
                depth.lanes().stream()
                        .map(lane -> new QueueGauges.Lane(
                                lane.name(), lane.waiting(), lane.inFlight(), age(lane.oldestDueMillis())))
                        .toList());
    }

    /** Seconds since then, 0 for what is not due yet or not there. */
    private double age(long millis) {
        return millis == 0 ? 0 : Math.max(0, clock.millis() - millis) / 1000.0;
    }
}
