package io.posthaste.deliver;

import io.posthaste.metrics.Repeating;
import io.posthaste.queue.Writability;
import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Asks Redis twice a second whether it answers and takes writes, so that readiness tells of an outage within two seconds. */
public final class RedisWatch implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(500);

    private final Writability redis;
    private final Progress progress;
    private final Scheduler timer;
    private final Disposable.Swap loop = Disposables.swap();

    public RedisWatch(Writability redis, Progress progress, Scheduler timer) {
        this.redis = redis;
        this.progress = progress;
        this.timer = timer;
    }

    public void start() {
        loop.update(Repeating.every(
                "redis_watch",
                Duration.ZERO,
                PERIOD,
                timer,
                () -> redis.refusal().doOnNext(progress::redis)));
    }

    @Override
    public void close() {
        loop.dispose();
    }
}
