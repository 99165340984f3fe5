package io.posthaste.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/** How long Redis takes, by script and command; on the path of deliveries those are batches, never single jobs. */
public final class RedisMetrics {
    private final MeterRegistry registry;
    private final ConcurrentHashMap<String, Timer> timers = new ConcurrentHashMap<>();

    public RedisMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Starts timing one command; run the answer once it is done. */
    public Runnable start(String command) {
        Timer timer = timers.computeIfAbsent(command, this::timer);
        Timer.Sample sample = Timer.start(registry);
        return () -> sample.stop(timer);
    }

    private Timer timer(String command) {
        return Timer.builder("posthaste.redis.duration")
                .description("From sending a script or command to its reply, waiting on the connection included")
                .tag("command", command)
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(50),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2))
                .register(registry);
    }
}
