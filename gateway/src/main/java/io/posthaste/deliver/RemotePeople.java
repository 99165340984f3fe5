package io.posthaste.deliver;

import io.posthaste.job.AppliedUpdate;
import io.posthaste.job.Applying;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import reactor.core.publisher.Mono;

/**
 * People whose shard is not their delivery's. What a delivery sets cannot be a part of its settlement then: it is a step of
 * its own before that, which leaves a mark on the person's shard and is taken once for each delivery.
 */
public interface RemotePeople {
    /** Whether the settlement of this delivery cannot change the person by itself. */
    boolean isRemote(Lease lease, String person);

    /** Wraps all that is done with people for one delivery: where they are may be about to change. */
    default <T> Mono<T> during(Mono<T> update) {
        return update;
    }

    /** Stores the person as they will be, once for each delivery, and only while its lease lasts. */
    Mono<Applying> apply(Lease lease, Person person, AppliedUpdate what);

    /** What was set for this delivery and not forgotten; empty when nothing was. */
    Mono<AppliedUpdate> applied(Lease lease, String person);

    /**
     * It is settled.
     *
     * @param alone whether nobody else can have a claim of it, who would ask what was set
     */
    Mono<Void> forget(Lease lease, String person, boolean alone);
}
