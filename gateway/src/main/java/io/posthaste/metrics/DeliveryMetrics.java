package io.posthaste.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.posthaste.job.Attempt;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What the delivery path counts. Every meter is made once, here, so that counting costs no look-up. */
public final class DeliveryMetrics {
    private final MeterRegistry registry;
    /** Of what is done within the process or in Redis. */
    private static final Duration[] STEPS = millis(1, 2, 5, 10, 25, 100, 500, 1_000, 4_000, 16_000);

    /** Of answers: from a receiver next door to the longest deadline. */
    private static final Duration[] ANSWERS = millis(5, 10, 25, 50, 100, 200, 500, 1_000, 2_500, 5_000, 10_000, 30_000);

    /** Of deliveries: the same, and retries until they end. */
    private static final Duration[] WAITS =
            millis(5, 10, 25, 50, 100, 200, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 300_000, 10_800_000);

    private static Duration[] millis(long... values) {
        return LongStream.of(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    private final Counter delivered;
    private final Counter retried;
    private final Counter failed;
    private final Counter aborted;
    private final Counter skipped;
    private final Counter cancelled;
    private final Counter drafted;
    private final Counter released;
    private final Counter ignored;
    private final Counter attributesSet;
    private final Counter attributesFailed;
    private final Counter outdated;
    private final Counter[] answersByClass = new Counter[6];
    private final Timer attemptDuration;
    private final Timer deliveryLatency;
    private final Timer settleDuration;
    private final DistributionSummary attemptsPerDelivery;

    public DeliveryMetrics(MeterRegistry registry) {
        this.registry = registry;
        delivered = outcome("delivered");
        retried = outcome("retried");
        failed = outcome("failed");
        aborted = outcome("aborted");
        skipped = outcome("skipped");
        cancelled = outcome("cancelled");
        drafted = outcome("drafted");
        released = outcome("released");
        ignored = outcome("ignored");
        attributesSet = updates("set");
        attributesFailed = updates("failed");
        outdated = updates("outdated");
        for (int c = 0; c < answersByClass.length; c++) {
            answersByClass[c] = Counter.builder("posthaste.attempts")
                    .description("HTTP requests sent, by class of answer")
                    .tag("answer", c == 0 ? "none" : c + "xx")
                    .register(registry);
        }
        attemptDuration =
                timer("posthaste.attempt.duration", "From connecting to the last byte of the answer", ANSWERS);
        deliveryLatency =
                timer("posthaste.delivery.latency", "From the producer's command to the receiver's 2xx", WAITS);
        settleDuration = timer("posthaste.settle.duration", "From an outcome to Redis' answer, gathering included");
        attemptsPerDelivery = DistributionSummary.builder("posthaste.delivery.attempts")
                .description("Attempts that a delivery took until it was sent or given up")
                .register(registry);
    }

    /** Counts a settled outcome. {@code sinceEnqueued} is zero or more; it is recorded for deliveries only. */
    public void settled(Outcome outcome, Duration sinceEnqueued) {
        switch (outcome) {
            case Outcome.Delivered done -> {
                delivered.increment();
                ended(done.attempt());
                updated(done.update());
                deliveryLatency.record(sinceEnqueued);
            }
            case Outcome.Retry later -> {
                retried.increment();
                attempted(later.attempt());
            }
            case Outcome.Failed dead -> {
                failed.increment();
                if (dead.attempt() != null) {
                    ended(dead.attempt());
                }
            }
            case Outcome.Aborted stopped -> aborted.increment();
            case Outcome.Skipped off -> skipped.increment();
            case Outcome.Cancelled ended -> cancelled.increment();
            case Outcome.Drafted draft -> drafted.increment();
            case Outcome.Released back -> released.increment();
        }
    }

    /** Records how long one outcome took to be settled. */
    public void settleTook(long nanos) {
        settleDuration.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Counts an outcome that came too late: its lease was someone else's by then. */
    public void ignored() {
        ignored.increment();
    }

    /** Counts an update that must be made anew: somebody else had changed the person. */
    public void outdated() {
        outdated.increment();
    }

    /** Registers a number that is read when the page is asked for. */
    public <T> void gauge(String name, String description, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(description).register(registry);
    }

    /** A timer made once by the component that keeps it. */
    public Timer timer(String name, String description) {
        return timer(name, description, STEPS);
    }

    private Timer timer(String name, String description, Duration... buckets) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private void ended(Attempt last) {
        attempted(last);
        attemptsPerDelivery.record(last.number());
    }

    private void updated(@Nullable AttributeUpdate update) {
        if (update != null) {
            (update instanceof AttributeUpdate.Change ? attributesSet : attributesFailed).increment();
        }
    }

    private void attempted(Attempt attempt) {
        answersByClass[Math.clamp(attempt.status() / 100, 0, 5)].increment();
        attemptDuration.record(attempt.elapsedMillis(), TimeUnit.MILLISECONDS);
    }

    private Counter updates(String result) {
        return Counter.builder("posthaste.attribute.updates")
                .description("Updates of people that answers made, by result")
                .tag("result", result)
                .register(registry);
    }

    private Counter outcome(String name) {
        return Counter.builder("posthaste.deliveries")
                .description("Turns settled, by outcome")
                .tag("outcome", name)
                .register(registry);
    }
}
