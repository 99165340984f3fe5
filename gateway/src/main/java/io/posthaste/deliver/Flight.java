package io.posthaste.deliver;

import io.posthaste.job.Job;
import io.posthaste.job.Lease;

/** A lease in flight and the slot it has: what goes the whole way. */
record Flight(Lease lease, Slots.Permit permit) {
    Job job() {
        return lease.job();
    }

    String lane() {
        return lease.job().lane();
    }
}
