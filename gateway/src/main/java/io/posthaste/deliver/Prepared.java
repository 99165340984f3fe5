package io.posthaste.deliver;

import io.posthaste.action.Action;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.send.Target;
import org.jspecify.annotations.Nullable;

/** A lease before it is sent: ready to go, or ended without a request. */
sealed interface Prepared {

    /** What was rendered or is kept from before; null when nothing came to be. */
    @Nullable
    RenderedRequest request();

    /** May be sent now. */
    record Ready(Action action, RenderedRequest request, Target target) implements Prepared {}

    /** Nothing is sent; this is what became of it. */
    record Ended(Outcome outcome) implements Prepared {
        @Override
        public @Nullable RenderedRequest request() {
            return outcome instanceof Outcome.Drafted draft ? draft.request() : null;
        }
    }
}
