package io.posthaste.queue;

import io.posthaste.job.Lease;
import io.posthaste.job.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The queues of all shards of a keyspace. A lease belongs to the shard that it was claimed from. */
public final class JobQueues {
    private final Map<String, ? extends JobQueue> byShard;

    /** @param byShard by the shard's tag, in order */
    public JobQueues(Map<String, ? extends JobQueue> byShard) {
        this.byShard = byShard;
    }

    /** In order. */
    public List<JobQueue> all() {
        return List.copyOf(byShard.values());
    }

    /** As {@link JobQueue#settle}. */
    public Mono<Settled> settle(Settlement settlement) {
        return of(settlement.lease()).settle(settlement);
    }

    /** As {@link JobQueue#lengthen}, where this lease came from. */
    public Mono<Void> lengthen(Lease lease, Duration attempt) {
        return of(lease).lengthen(lease.job().lane(), attempt);
    }

    private JobQueue of(Lease lease) {
        JobQueue queue = byShard.get(lease.hold().shard());
        if (queue == null) {
            throw new IllegalStateException("a lease of shard " + lease.hold().shard() + ", which is not here");
        }
        return queue;
    }
}
