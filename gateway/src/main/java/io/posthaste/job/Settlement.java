package io.posthaste.job;

import org.jspecify.annotations.Nullable;

/**
 * A lease and what became of it: the unit that is settled.
 *
 * @param report what reporting webhooks are to hear beside the outcome, a JSON object; null while there are none
 */
public record Settlement(Lease lease, Outcome outcome, byte @Nullable [] report) {
    public Settlement(Lease lease, Outcome outcome) {
        this(lease, outcome, null);
    }
}
