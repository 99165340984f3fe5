package io.posthaste.deliver;

import io.posthaste.action.Action;
import io.posthaste.action.Action.Sending;
import io.posthaste.deliver.limit.Slots;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import java.time.Instant;

/**
 * A lease in flight and the slot it has: what goes the whole way.
 *
 * @param takenAt when it was claimed
 */
public record Flight(Lease lease, Slots.Permit permit, Instant takenAt) {
    Job job() {
        return lease.job();
    }

    String lane() {
        return lease.job().lane();
    }

    /** Whether its request waits for a person, who has not looked at it yet. */
    boolean becomesDraft(Action action) {
        return !lease.isApprovedDraft() && (job().terms().draft() || action.sending() == Sending.DRAFT);
    }
}
