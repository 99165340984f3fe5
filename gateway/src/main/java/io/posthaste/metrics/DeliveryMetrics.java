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
import org.jspecify.annotations.Nullable;

/** What the delivery path counts. Every meter is made once, here, so that counting costs no look-up. */
public final class DeliveryMetrics {
    private final MeterRegistry registry;
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
        attemptDuration = timer("posthaste.attempt.duration", "From connecting to the last byte of the answer");
        deliveryLatency = timer("posthaste.delivery.latency", "From the producer's command to the receiver's 2xx");
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
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(16),
                        Duration.ofMinutes(5),
                        Duration.ofHours(3))
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
