package io.posthaste.trace;

import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
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
}
