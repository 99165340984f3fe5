package io.posthaste.trace;

import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who is told of turns. Must not block. */
public interface Traces {
    /** Nobody. */
    Traces NONE = new Traces() {
        @Override
        public void ended(Turn turn) {}

        @Override
        public @Nullable String header(Lease lease) {
            return lease.job().terms().trace();
        }

        @Override
        public void count(Lease lease, Runnable counting) {
            counting.run();
        }

        @Override
        public @Nullable SpanContext exemplars() {
            return null;
        }
    };

    /**
     * One turn, from claim to settlement.
     *
     * @param request what was sent, null when nothing was
     * @param takenAt when it was claimed here
     * @param settlingAt when its outcome was known
     */
    record Turn(
            Lease lease,
            Outcome outcome,
            @Nullable RenderedRequest request,
            Instant takenAt,
            Instant settlingAt,
            Instant settledAt) {}

    void ended(Turn turn);

    /** The W3C trace context that this turn's request carries, or null for none. */
    @Nullable
    String header(Lease lease);

    /** Counts a turn: what this counts may name the turn's trace as an example of it. */
    void count(Lease lease, Runnable counting);

    /** Whom metrics ask for the trace of what is counted; null when there are no traces. */
    @Nullable
    SpanContext exemplars();
}
