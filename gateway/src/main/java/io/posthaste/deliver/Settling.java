package io.posthaste.deliver;

import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Recipient;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import io.posthaste.metrics.ActionTally;
import io.posthaste.metrics.Activity;
import io.posthaste.metrics.DeliveryMetrics;
import io.posthaste.queue.JobQueues;
import io.posthaste.queue.Settled;
import io.posthaste.subject.CustomerId;
import io.posthaste.trace.Traces;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The end of every turn: the outcome goes to Redis, then to metrics and, unless it was delivered, to the log. */
public final class Settling {
    private static final Logger log = LoggerFactory.getLogger(Settling.class);

    private final JobQueues queues;
    private final Counts counts;
    private final Progress progress;
    private final InstantSource clock;
    private final ReportDetails reports;
    private final boolean customers;
    private final ToldOutcomes told;

    /** Who counts what was settled: for Prometheus, with a trace here and there, for the dashboard, by action for later. */
    public record Counts(DeliveryMetrics metrics, Traces traces, Activity activity, ActionTally tally) {}

    /** @param customers whether the history tells whom a delivery was for */
    public Settling(
            JobQueues queues,
            Counts counts,
            Progress progress,
            InstantSource clock,
            ReportDetails reports,
            boolean customers) {
        this.queues = queues;
        this.counts = counts;
        this.progress = progress;
        this.clock = clock;
        this.reports = reports;
        this.customers = customers;
        this.told = new ToldOutcomes(log, progress::nanoTime);
    }

    /**
     * Completes once Redis has answered, however long that takes.
     *
     * @param request what was rendered or is kept from before; null when nothing came to be
     */
    Mono<Settled> settle(Lease lease, Outcome outcome, @Nullable RenderedRequest request) {
        long startedAt = progress.nanoTime();
        byte[] report = reports.of(lease.job(), request, outcome);
        return queues.settle(new Settlement(lease, outcome, report, recipient(lease, outcome, request)))
                .doOnNext(settled -> settled(lease, outcome, settled, startedAt));
    }

    /** Of what may end by this outcome: what rests or is given back keeps its data, which tell it. */
    private Recipient recipient(Lease lease, Outcome outcome, @Nullable RenderedRequest request) {
        if (outcome instanceof Outcome.Released || outcome instanceof Outcome.Failed) {
            return Recipient.UNKNOWN;
        }
        RenderedRequest sent = request == null ? lease.frozen() : request;
        return new Recipient(customers ? CustomerId.of(lease.job().data()) : "", sent == null ? "" : sent.host());
    }

    private void settled(Lease lease, Outcome outcome, Settled settled, long startedAt) {
        counts.metrics().settleTook(progress.nanoTime() - startedAt);
        progress.settled();
        switch (settled) {
            case APPLIED -> {
                Duration sinceEnqueued = sinceEnqueued(lease);
                counts.traces().count(lease, () -> counts.metrics().settled(outcome, sinceEnqueued));
                counts.activity().settled(lease.job().lane(), outcome, sinceEnqueued.toMillis());
                counts.tally().settled(lease.job().lane(), outcome);
                tell(lease, outcome);
            }
            case IGNORED -> lost(lease);
            case OUTDATED -> counts.metrics().outdated();
        }
    }

    /** Nothing is recorded: the delivery may be somebody else's by now. */
    Settled lost(Lease lease) {
        counts.metrics().ignored();
        log.atInfo().addKeyValue("delivery", lease.job().id()).log("delivery.lease_lost");
        return Settled.IGNORED;
    }

    private Duration sinceEnqueued(Lease lease) {
        return Duration.ofMillis(Math.max(0, clock.millis() - lease.job().enqueuedAtMillis()));
    }

    /** A line for an attempt that did not deliver; deliveries are counted, not logged. */
    private void tell(Lease lease, Outcome outcome) {
        switch (outcome) {
            case Outcome.Delivered done -> tell(lease, done);
            case Outcome.Released back -> {}
            case Outcome.Skipped off -> {}
            case Outcome.Drafted draft -> {}
            case Outcome.Cancelled ended -> told.tell(lease, "delivery.cancelled", ended.reason(), null);
            case Outcome.Aborted stopped -> told.tell(lease, "delivery.aborted", stopped.reason(), null);
            case Outcome.Failed failed -> told.tell(lease, "delivery.failed", failed.reason(), failed.attempt());
            case Outcome.Retry retry ->
                told.tell(lease, "delivery.retried", retry.attempt().reason(), retry.attempt());
        }
    }

    private void tell(Lease lease, Outcome.Delivered done) {
        if (done.update() instanceof AttributeUpdate.Failed failed) {
            told.tell(lease, "delivery.attributes_not_set", failed.reason(), done.attempt());
        }
    }
}
