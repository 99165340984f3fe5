package io.posthaste.queue.upkeep;

import io.posthaste.metrics.Repeating;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.ScriptRunner;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Does the steps of running operations when they are due; looks once a second for new ones. */
public final class OperationSteps implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(20);
    private static final long LOOK_AGAIN_MILLIS = 1_000;
    private static final int LOOK = 250;

    private final ScriptRunner runner;
    private final QueueSettings settings;
    private final BooleanSupplier here;
    private final Scheduler scheduler;
    private final LuaScript operateScript = LuaScript.load("queue/operate.lua");
    private volatile long nextAt;
    private @Nullable Disposable running;

    /** @param here whether this gateway is one of those that do them */
    public OperationSteps(RedisConnections redis, QueueSettings settings, BooleanSupplier here, Scheduler scheduler) {
        byte[] prefix = Bytes.of(new RedisKeys(settings.tag()).prefix());
        this.runner = new ScriptRunner(redis.admin(), prefix, settings.leases().laneMaxInFlight());
        this.settings = settings;
        this.here = here;
        this.scheduler = scheduler;
    }

    /** From now on, until closed. A failure is logged and the step is done by the next turn. */
    public synchronized void start() {
        running = Repeating.every("operations", Duration.ZERO, TICK, scheduler, this::stepWhenDue);
    }

    private Mono<Void> stepWhenDue() {
        long now = scheduler.now(TimeUnit.MILLISECONDS);
        if (now < nextAt || !here.getAsBoolean()) {
            return Mono.empty();
        }
        // A step that fails is looked for again as if none had been due.
        nextAt = now + LOOK_AGAIN_MILLIS;
        return step().doOnNext(wait -> nextAt = scheduler.now(TimeUnit.MILLISECONDS) + wait)
                .then();
    }

    /** One step of one operation, if one is due. Answers how long to wait for the next, ms. */
    Mono<Long> step() {
        return runner.run(
                        operateScript,
                        LOOK,
                        settings.kept().results(),
                        settings.kept().history().sentMax(),
                        settings.kept().dedupeWindow().toMillis())
                .map(reply -> (Long) reply)
                .map(next -> next < 0 ? LOOK_AGAIN_MILLIS : Math.min(next, LOOK_AGAIN_MILLIS));
    }

    @Override
    public synchronized void close() {
        if (running != null) {
            running.dispose();
        }
    }
}
