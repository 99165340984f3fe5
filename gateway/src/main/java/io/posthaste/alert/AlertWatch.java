package io.posthaste.alert;

import io.posthaste.config.Alerting;
import io.posthaste.metrics.ActionTally.Figure;
import io.posthaste.metrics.Repeating;
import io.posthaste.metrics.TaggedGauge;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Deliveries.Lane;
import io.posthaste.queue.upkeep.ActionFigures;
import io.posthaste.store.alert.Alert;
import io.posthaste.store.alert.Alerts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Looks at lanes and certificates and tells what is wrong with them; pauses a lane that has brought nothing but failures for a
 * long time. One of all gateways does; the others only know what was found.
 */
public final class AlertWatch {
    private static final Logger log = LoggerFactory.getLogger(AlertWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration WINDOW = Duration.ofMinutes(5);

    /** Lanes that are paused at a time. */
    private static final int PAUSED_AT_ONCE = 16;

    private final Alerts alerts;
    private final Sources sources;
    private final Alerting settings;
    private final TaggedGauge gauge;
    private final InstantSource clock;
    private final LaneHealth health;
    private final TallyWindow window = new TallyWindow(WINDOW);
    private volatile List<Alert> latest = List.of();

    /**
     * Where it looks.
     *
     * @param isMine whether it is this gateway that looks
     * @param depth the queue as it was last looked at
     * @param expiring names of connections to when their certificates end
     */
    public record Sources(
            BooleanSupplier isMine,
            Deliveries deliveries,
            Supplier<Deliveries.Depth> depth,
            ActionFigures figures,
            Supplier<Map<String, Instant>> expiring) {}

    public AlertWatch(Alerts alerts, Sources sources, Alerting settings, TaggedGauge gauge, InstantSource clock) {
        this.alerts = alerts;
        this.sources = sources;
        this.settings = settings;
        this.gauge = gauge;
        this.clock = clock;
        this.health = new LaneHealth(settings);
    }

    public Disposable start(Scheduler timer) {
        return Repeating.every("alerts", Duration.ZERO, PERIOD, timer, () -> turn().onErrorResume(AlertWatch::report));
    }

    /** Those there are, as this gateway knows them. */
    public List<Alert> latest() {
        return latest;
    }

    /** One turn; turns never overlap. */
    Mono<Void> turn() {
        return alerts.all()
                .flatMap(
                        before -> sources.isMine().getAsBoolean() ? look(before).then(alerts.all()) : Mono.just(before))
                .doOnNext(this::know)
                .then();
    }

    private void know(List<Alert> now) {
        latest = now;
        Map<String, Long> counts = new HashMap<>();
        for (Alert.Kind kind : Alert.Kind.values()) {
            counts.put(
                    kind.begins(),
                    now.stream().filter(alert -> alert.kind() == kind).count());
        }
        gauge.update(counts);
    }

    private Mono<Void> look(List<Alert> before) {
        Instant now = clock.instant();
        Deliveries.Depth depth = sources.depth().get();
        return sources.figures()
                .recent(now.toEpochMilli())
                .map(hours -> window.add(now, tallies(hours)))
                // Before the queue was looked at, nothing is known, so nothing has ended.
                .filter(news -> depth.atMillis() > 0)
                .flatMap(news -> pauseFailing(news, depth, now).then(Mono.defer(() -> tell(before, now, depth))));
    }

    private Mono<Void> tell(List<Alert> before, Instant now, Deliveries.Depth depth) {
        health.remember(before);
        List<Alert> found = new ArrayList<>(health.judge(now, depth.lanes(), window.recent()));
        found.addAll(expiring(now));
        return alerts.tell(found).doOnNext(changes -> log(changes, found)).then();
    }

    private List<Alert> expiring(Instant now) {
        List<Alert> expiring = new ArrayList<>();
        sources.expiring().get().forEach((name, end) -> {
            if (end.isBefore(now.plus(settings.certificate()))) {
                expiring.add(Alert.of(Alert.Kind.CERTIFICATE_EXPIRING, name, "its client certificate ends at " + end));
            }
        });
        return expiring;
    }

    /** A lane that is paused keeps its backlog, and its receiver the peace that it asks for without words. */
    private Mono<Void> pauseFailing(Map<String, LaneTally> news, Deliveries.Depth depth, Instant now) {
        if (settings.pauseFailing().isZero()) {
            return Mono.empty();
        }
        List<String> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        news.forEach((lane, tally) -> {
            if (tally.sent() > 0) {
                good.add(lane);
            } else if (tally.unsuccessful() > 0) {
                bad.add(lane);
            }
        });
        return alerts.failingSince(good, bad)
                .flatMap(since -> Flux.fromIterable(since.entrySet())
                        .filter(lane -> isTooLong(lane.getValue(), now) && !isPaused(depth, lane.getKey()))
                        .take(PAUSED_AT_ONCE)
                        .concatMap(lane -> pause(lane.getKey(), lane.getValue()), 1)
                        .then());
    }

    private boolean isTooLong(long sinceMillis, Instant now) {
        return now.toEpochMilli() - sinceMillis >= settings.pauseFailing().toMillis();
    }

    private static boolean isPaused(Deliveries.Depth depth, String name) {
        return depth.lanes().stream().filter(lane -> lane.name().equals(name)).anyMatch(Lane::paused);
    }

    /** Once it is resumed, its time begins anew. */
    private Mono<Void> pause(String lane, long sinceMillis) {
        String reason = "nothing but failures since " + Instant.ofEpochMilli(sinceMillis);
        log.atWarn()
                .addKeyValue("lane", lane)
                .addKeyValue("reason", reason)
                .addKeyValue("fix", "mend its receiver or its action, and resume it")
                .log("lane.paused");
        return sources.deliveries()
                .pause(lane, null, reason)
                .then(alerts.failingSince(List.of(lane), List.of()))
                .then();
    }

    private static void log(Alerts.Changes changes, List<Alert> found) {
        found.stream()
                .filter(alert -> changes.began().contains(alert.key()))
                .forEach(alert -> log.atWarn()
                        .addKeyValue(alert.kind().object(), alert.subject())
                        .addKeyValue("reason", alert.reason())
                        .log("alert." + alert.kind().begins()));
        changes.ended().forEach(key -> log.atInfo().addKeyValue("alert", key).log("alert.ended"));
    }

    private static Map<Long, Map<String, LaneTally>> tallies(Map<Long, Map<String, Map<Figure, Long>>> hours) {
        Map<Long, Map<String, LaneTally>> tallies = new HashMap<>();
        hours.forEach((hour, lanes) -> {
            Map<String, LaneTally> of = new HashMap<>();
            lanes.forEach((lane, figures) -> of.put(lane, tally(figures)));
            tallies.put(hour, of);
        });
        return tallies;
    }

    private static LaneTally tally(Map<Figure, Long> figures) {
        return new LaneTally(
                figures.getOrDefault(Figure.SENT, 0L),
                figures.getOrDefault(Figure.ATTEMPTED, 0L) + figures.getOrDefault(Figure.FAILED, 0L));
    }

    private static Mono<Void> report(Throwable failure) {
        log.atDebug().addKeyValue("cause", failure.toString()).log("alerts.unknown");
        return Mono.empty();
    }
}
