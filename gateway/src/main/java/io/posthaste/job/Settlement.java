package io.posthaste.job;

import org.jspecify.annotations.Nullable;

/**
 * A lease and what became of it: the unit that is settled.
 *
 * @param report what reporting webhooks are to hear beside the outcome, a JSON object; null while there are none
 * @param recipient what its record in the history names, should it end by this
 */
public record Settlement(Lease lease, Outcome outcome, byte @Nullable [] report, Recipient recipient) {
    public Settlement(Lease lease, Outcome outcome) {
        this(lease, outcome, null, Recipient.UNKNOWN);
    }
}
