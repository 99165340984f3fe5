package io.posthaste.api.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.metrics.Activity;
import io.posthaste.metrics.Repeating;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Deliveries.Depth;
import io.posthaste.queue.browse.Deliveries.Lane;
import io.posthaste.queue.browse.Deliveries.Schedule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * What dashboards show, made once a second however many watch; the past is kept while none does. A watcher that reads
 * too slowly misses seconds, not memory.
 */
public final class LiveState {
    public static final int MOST_WATCHERS = 100;

    private static final Logger log = LoggerFactory.getLogger(LiveState.class);

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** The longest standard retry is less than three hours away (M58). */
    private static final Duration STEP = Duration.ofMinutes(1);

    private static final int STEPS = 180;
    private static final Duration SCHEDULE_EVERY = Duration.ofSeconds(5);

    /** Lanes whose schedule is read: the deepest. */
    private static final int SCHEDULED_LANES = 64;

    private final Insight insight;
    private final Deliveries deliveries;
    private final InstantSource clock;
    private final Scheduler work;
    private final Sinks.Many<byte[]> states = Sinks.many().multicast().directBestEffort();
    private final Disposable.Composite loops = Disposables.composite();
    private final AtomicInteger watchers = new AtomicInteger();
    private volatile @Nullable Schedule schedule;

    public LiveState(Insight insight, Deliveries deliveries, InstantSource clock, Scheduler work) {
        this.insight = insight;
        this.deliveries = deliveries;
        this.clock = clock;
        this.work = work;
    }

    public void start() {
        loops.add(Repeating.every("live_state", SECOND, SECOND, work, () -> {
            tick();
            return Mono.empty();
        }));
        loops.add(Repeating.every(
                "live_schedule", SCHEDULE_EVERY, SCHEDULE_EVERY, work, () -> isWatched() ? lookAhead() : Mono.empty()));
    }

    public void stop() {
        loops.dispose();
        states.tryEmitComplete();
    }

    /** Server-sent events: the past, then one state a second until the watcher leaves; none when so many watch already. */
    public Flux<byte[]> watch() {
        // A place is taken as the stream begins, not when it was asked for: many may ask at the same time.
        return Flux.defer(() -> enters() ? states().doFinally(end -> watchers.decrementAndGet()) : Flux.empty());
    }

    private boolean enters() {
        return watchers.getAndUpdate(now -> Math.min(MOST_WATCHERS, now + 1)) < MOST_WATCHERS;
    }

    private Flux<byte[]> states() {
        return Mono.defer(this::lookAhead)
                .then(Mono.fromSupplier(this::beginning))
                .subscribeOn(work)
                .concatWith(states.asFlux());
    }

    public boolean isCrowded() {
        return watchers.get() >= MOST_WATCHERS;
    }

    /** The present, from Redis as it is now. */
    Mono<ObjectNode> present() {
        return deliveries
                .depth()
                .flatMap(depth -> schedule(depth)
                        .map(ahead -> StateJson.of(clock.millis(), insight, depth, ahead, Integer.MAX_VALUE)));
    }

    private void tick() {
        Depth depth = insight.depth().get();
        Activity.Second second = insight.activity().tick(clock.millis(), levels(depth));
        if (isWatched()) {
            states.tryEmitNext(event("state", state(depth).set("second", StateJson.of(second))));
        }
    }

    private byte[] beginning() {
        List<Activity.Second> past = insight.activity().past();
        return event("history", state(insight.depth().get()).set("seconds", StateJson.columns(past)));
    }

    private ObjectNode state(Depth depth) {
        return StateJson.of(clock.millis(), insight, depth, schedule, StateJson.MOST_LANES);
    }

    private boolean isWatched() {
        return states.currentSubscriberCount() > 0;
    }

    private Mono<Void> lookAhead() {
        return schedule(insight.depth().get())
                .doOnNext(ahead -> schedule = ahead)
                .doOnError(failure ->
                        log.atDebug().addKeyValue("cause", failure.toString()).log("schedule.unknown"))
                .onErrorComplete()
                .then();
    }

    private Mono<Schedule> schedule(Depth depth) {
        List<String> deepest = depth.lanes().stream()
                .filter(lane -> lane.waiting() > 0)
                .sorted(Comparator.comparingLong(Lane::waiting).reversed())
                .limit(SCHEDULED_LANES)
                .map(Lane::name)
                .toList();
        return deliveries.schedule(deepest, STEP, STEPS);
    }

    /** What waits in a paused lane waits because somebody wants it to: it does not age. */
    private static Activity.Levels levels(Depth depth) {
        long waiting = depth.inbox().entries();
        long oldest = depth.inbox().oldestMillis();
        for (Lane lane : depth.lanes()) {
            waiting += lane.due();
            boolean ages = lane.due() > 0 && !lane.paused();
            if (ages && (oldest == 0 || lane.oldestDueMillis() < oldest)) {
                oldest = lane.oldestDueMillis();
            }
        }
        return new Activity.Levels(
                depth.totals().leased(), waiting, oldest == 0 ? 0 : Math.max(0, depth.atMillis() - oldest));
    }

    private static byte[] event(String name, Object data) {
        return ("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
