package io.posthaste.deliver;

import io.posthaste.job.Outcome;
import io.posthaste.job.Reply;

/** What became of a lease, before it is settled. */
sealed interface Attempted {
    Outcome outcome();

    /** All that settling needs to know. */
    record Ended(Outcome outcome) implements Attempted {}

    /** Delivered, and the answer sets attributes: once per delivery, however often it is sent (M73). */
    record Answered(Outcome.Delivered outcome, Prepared.Ready ready, Reply.Answered reply) implements Attempted {}
}
