package io.posthaste.queue.reshape;

import io.posthaste.metrics.Repeating;
import io.posthaste.queue.upkeep.Membership;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.layout.Layout;
import io.posthaste.redis.layout.LayoutStore;
import io.posthaste.redis.layout.Phase;
import io.posthaste.store.person.PersonHomes;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Takes a change of the number of shards from phase to phase. One gateway does, and no harm comes of two: every step may be
 * repeated, and the next phase is written by whoever is first. What is remembered here is only how far a pass is.
 */
public final class Reshaping implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reshaping.class);
    private static final Duration TURN = Duration.ofMillis(250);

    /** How long producers may act by what they read of the layout: so long jobs with an order wait at least. */
    private static final Duration HOLD = Duration.ofSeconds(5);

    /** Pages of people in a turn. */
    private static final int PAGES = 20;

    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(1);

    private final LayoutStore store;
    private final Membership membership;
    private final Preparation preparation;
    private final PersonMover mover;
    private final LinesLeft lines;
    private final ShardFlags flags;
    private final ChangeNotes notes;
    private final Settings settings;
    private final Disposable.Swap turning = Disposables.swap();
    private long epoch = -1;
    private long since;
    private Step step = Step.BEGIN;
    private long countedAt;

    /** How far the present phase is. */
    private enum Step {
        BEGIN,
        PASS,
        LINES,
        LAST
    }

    /**
     * @param here whether this gateway does it
     * @param remembered how long it is known after a change where things were before
     */
    public record Settings(BooleanSupplier here, Duration remembered, Scheduler timer, LongSupplier nanoTime) {}

    /** @param preparation of the shards that are new */
    Reshaping(
            RedisConnections redis,
            LayoutStore store,
            Membership membership,
            Preparation preparation,
            PersonHomes homes,
            Settings settings) {
        this.store = store;
        this.membership = membership;
        this.preparation = preparation;
        this.mover = new PersonMover(redis, homes);
        this.lines = new LinesLeft(redis);
        this.flags = new ShardFlags(redis);
        this.notes = new ChangeNotes(redis.admin());
        this.settings = settings;
    }

    public void start() {
        turning.update(Repeating.every("shards", TURN, TURN, settings.timer(), this::turn));
    }

    @Override
    public void close() {
        turning.dispose();
    }

    private Mono<Void> turn() {
        if (!settings.here().getAsBoolean()) {
            return Mono.empty();
        }
        return store.read().flatMap(layout -> {
            enter(layout);
            return layout.isChanging() ? change(layout) : rest(layout);
        });
    }

    private void enter(Layout layout) {
        if (layout.epoch() != epoch) {
            epoch = layout.epoch();
            since = settings.nanoTime().getAsLong();
            step = Step.BEGIN;
        }
    }

    private boolean hasPassed(Duration time) {
        return settings.nanoTime().getAsLong() - since >= time.toNanos();
    }

    private Mono<Void> rest(Layout layout) {
        return layout.from().equals(layout.to()) || !hasPassed(settings.remembered())
                ? Mono.empty()
                : store.forget(layout).then();
    }

    /** Nothing is done before all act by this phase; a change is held up in each but the one in which jobs wait. */
    private Mono<Void> change(Layout layout) {
        return membership.epochs().flatMap(epochs -> {
            Map<String, Long> late = new TreeMap<>(epochs);
            late.values().removeIf(acts -> acts == layout.epoch());
            if (!late.isEmpty()) {
                since = settings.nanoTime().getAsLong();
                return notes.waitsFor(late.keySet());
            }
            return layout.paused() && layout.phase() != Phase.HOLDING
                    ? Mono.empty()
                    : notes.waitsForNobody().then(Mono.defer(() -> act(layout)));
        });
    }

    private Mono<Void> act(Layout layout) {
        return switch (layout.phase()) {
            case PREPARING -> preparation.prepare(layout).then(Mono.defer(() -> advance(layout)));
            case HOLDING ->
                hasPassed(HOLD) ? flags.raise(layout).then(Mono.defer(() -> advance(layout))) : Mono.empty();
            case MOVING -> move(layout);
            case FINISHING -> finish(layout);
            case SETTLED -> Mono.empty();
        };
    }

    private Mono<Void> advance(Layout layout) {
        return store.advance(layout)
                .filter(advanced -> advanced)
                .doOnNext(advanced -> tell(layout))
                .then();
    }

    private static void tell(Layout layout) {
        log.atInfo()
                .addKeyValue("phase", layout.phase().next())
                .addKeyValue("from", layout.from().count())
                .addKeyValue("to", layout.to().count())
                .log("shards.phase");
    }

    /** Passes over all people, until there was nobody to move in one: none is added where they were. */
    private Mono<Void> move(Layout layout) {
        if (step == Step.BEGIN) {
            step = Step.PASS;
            mover.begin(layout);
            return flags.raise(layout);
        }
        long before = mover.met();
        return pages(mover.move(layout))
                .doOnError(failure -> step = Step.BEGIN)
                .delayUntil(ended -> notes.moved(mover.met() - before))
                .filter(ended -> ended)
                .flatMap(ended -> {
                    step = Step.BEGIN;
                    return mover.met() == 0 ? advance(layout) : Mono.empty();
                });
    }

    private static Mono<Boolean> pages(Mono<Boolean> page) {
        return page.repeat(PAGES - 1L).takeUntil(ended -> ended).any(ended -> ended);
    }

    private Mono<Void> finish(Layout layout) {
        return switch (step) {
            case BEGIN -> {
                step = Step.PASS;
                mover.begin(layout);
                lines.begin();
                countedAt = settings.nanoTime().getAsLong() - BETWEEN_COUNTS.toNanos();
                yield flags.lowerMoving(layout);
            }
            case PASS ->
                pages(mover.clear(layout))
                        .doOnError(failure -> step = Step.BEGIN)
                        .filter(ended -> ended)
                        .doOnNext(ended -> step = Step.LINES)
                        .then();
            case LINES -> awaitLines(layout);
            case LAST ->
                flags.opening(layout)
                        .delayUntil(notes::lines)
                        .filter(opening -> opening == 0)
                        .flatMap(opening -> advance(layout));
        };
    }

    private Mono<Void> awaitLines(Layout layout) {
        long now = settings.nanoTime().getAsLong();
        if (now - countedAt < BETWEEN_COUNTS.toNanos()) {
            return Mono.empty();
        }
        countedAt = now;
        return lines.count(layout)
                .delayUntil(notes::lines)
                .filter(left -> left == 0)
                .delayUntil(none -> flags.lowerOpening(layout))
                .doOnNext(none -> step = Step.LAST)
                .then();
    }
}
