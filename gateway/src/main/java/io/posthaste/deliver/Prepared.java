package io.posthaste.deliver;

import io.posthaste.action.Action;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.send.Target;

/** A lease before it is sent: ready to go, or ended without a request. */
sealed interface Prepared {

    /** May be sent now. */
    record Ready(Action action, RenderedRequest request, Target target) implements Prepared {}

    /** Nothing is sent; this is what became of it. */
    record Ended(Outcome outcome) implements Prepared {}
}
