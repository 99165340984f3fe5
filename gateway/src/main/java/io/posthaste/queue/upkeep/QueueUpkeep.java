package io.posthaste.queue.upkeep;

import io.posthaste.metrics.Repeating;
import io.posthaste.queue.LaneNames;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.ScriptRunner;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Removes what was kept long enough, and repairs lanes should their counts ever differ from their jobs. In small
 * steps, each of which may be repeated; several instances may do it at a time.
 */
public final class QueueUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueUpkeep.class);
    private static final Duration PERIOD = Duration.ofSeconds(60);
    /** Damage comes in more than one claim; those that follow within this time are looked after at once. */
    private static final Duration GATHER = Duration.ofMillis(100);

    private static final int STEP = 100;
    private static final int MOST_STEPS = 1_000;
    /** Failed deliveries kept whatever their age: about 1.5 KB each. */
    private static final int FAILED_MOST = 1_000_000;

    private static final int LEASES = 5_000;
    private static final int IDS = 250;

    private final ScriptRunner runner;
    private final LuaScript reconcileScript = LuaScript.load("queue/reconcile.lua");
    private final LuaScript retainScript = LuaScript.load("queue/retain.lua");
    private final QueueSettings settings;
    private final LaneNames laneNames;
    private final BooleanSupplier here;
    private final Scheduler scheduler;
    private final AtomicBoolean pressing = new AtomicBoolean();
    private final Disposable.Swap repairing = Disposables.swap();
    private @Nullable Disposable running;
    private volatile String cursor = "0";

    /** @param here whether this gateway is one of those that do it */
    public QueueUpkeep(RedisConnections redis, QueueSettings settings, BooleanSupplier here, Scheduler scheduler) {
        RedisKeys keys = new RedisKeys(settings.tag());
        this.runner = new ScriptRunner(
                redis.admin(), Bytes.of(keys.prefix()), settings.leases().laneMaxInFlight());
        this.settings = settings;
        this.laneNames = new LaneNames(redis.admin(), keys);
        this.here = here;
        this.scheduler = scheduler;
    }

    /** Once now and then every minute, until closed. A failure is logged and the next turn tries again. */
    public synchronized void start() {
        running = Repeating.every(
                "upkeep",
                Duration.ZERO,
                PERIOD,
                scheduler,
                () -> here.getAsBoolean() ? once().onErrorResume(QueueUpkeep::report) : Mono.empty());
    }

    /** What was lost is looked for now, over all ids: a claim met damage. Calls while that runs are one. */
    public void soon() {
        if (!repairing.isDisposed() && pressing.compareAndSet(false, true)) {
            repairing.update(Mono.delay(GATHER, scheduler)
                    .then(Mono.defer(this::repair))
                    .onErrorResume(QueueUpkeep::report)
                    .doFinally(end -> pressing.set(false))
                    .subscribe());
        }
    }

    private Mono<Repairs> repair() {
        return reconcile()
                .then(Mono.defer(() -> reconcile(List.of())))
                .doOnNext(QueueUpkeep::log)
                .repeat(MOST_STEPS)
                .takeUntil(repairs -> cursor.equals("0"))
                .reduce(Repairs::and);
    }

    @Override
    public synchronized void close() {
        repairing.dispose();
        if (running != null) {
            running.dispose();
        }
    }

    /** One turn: everything too old, all lanes, and a part of the ids. Answers what had to be repaired. */
    public Mono<Repairs> once() {
        return retain().then(reconcile());
    }

    private Mono<Void> retain() {
        return Mono.defer(this::retainStep)
                .repeat(MOST_STEPS)
                .takeUntil(more -> !more)
                .then();
    }

    private Mono<Boolean> retainStep() {
        return runner.run(
                        retainScript,
                        STEP,
                        settings.kept().history().failed().toMillis(),
                        FAILED_MOST,
                        settings.kept().history().sent().toMillis(),
                        settings.kept().history().failed().toMillis(),
                        settings.kept().dedupeWindow().toMillis())
                .map(Long.valueOf(1)::equals);
    }

    /**
     * @param counts lanes whose number of leased jobs was wrong
     * @param lanes lanes that had work and were not waiting to be served
     * @param ids ids whose job was gone
     * @param jobs jobs that were in no set and wait again
     */
    public record Repairs(long counts, long lanes, long ids, long jobs) {
        private static final Repairs NONE = new Repairs(0, 0, 0, 0);

        Repairs and(Repairs other) {
            return new Repairs(counts + other.counts, lanes + other.lanes, ids + other.ids, jobs + other.jobs);
        }

        boolean any() {
            return counts + lanes + ids + jobs > 0;
        }
    }

    private Mono<Repairs> reconcile() {
        return laneNames
                .all()
                .flatMap(names -> Flux.fromIterable(LaneNames.parts(names, LaneNames.PART))
                        .concatMap(this::reconcile)
                        .reduce(Repairs.NONE, Repairs::and)
                        .doOnNext(QueueUpkeep::log));
    }

    private Mono<Repairs> reconcile(List<String> lanes) {
        return runner.run(reconcileScript, LEASES, cursor, IDS, lanes).map(reply -> repairs((Object[]) reply));
    }

    private Repairs repairs(@Nullable Object[] reply) {
        cursor = reply[0] instanceof byte[] next ? Bytes.ascii(next) : "0";
        return new Repairs(number(reply[1]), number(reply[2]), number(reply[3]), number(reply[4]));
    }

    private static long number(@Nullable Object value) {
        return value instanceof Long number ? number : 0;
    }

    private static void log(Repairs repairs) {
        if (repairs.any()) {
            LOG.atError()
                    .addKeyValue("counts", repairs.counts())
                    .addKeyValue("lanes", repairs.lanes())
                    .addKeyValue("ids", repairs.ids())
                    .addKeyValue("jobs", repairs.jobs())
                    .log("queue.repaired");
        }
    }

    private static Mono<Repairs> report(Throwable failure) {
        LOG.atWarn().setCause(failure).log("queue.upkeep.failed");
        return Mono.empty();
    }
}
