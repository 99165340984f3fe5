package io.posthaste.queue.model;

import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Settlement;
import io.posthaste.queue.RedisShard;
import io.posthaste.queue.Settled;
import java.time.Duration;
import java.util.List;

/** A worker that lost its lease reports: failures change nothing, success ends the job wherever it is. */
record SettleLate(Shard shard, Memory memory) implements Deed {
    @Override
    public void happen() {
        if (memory.lost.isEmpty()) {
            return;
        }
        Lease lease = memory.lost.remove(memory.random.nextInt(memory.lost.size()));
        String id = lease.job().id();
        boolean success = memory.random.nextInt(3) == 0 && !memory.elsewhere.isOf(lease);
        Outcome outcome = success ? memory.people.success(RedisShard.delivered(lease), shard.redis()) : failure(lease);
        // Looked at before: a success that counts takes the id out, and a second job of it may wait in the inbox.
        boolean still = isStill(lease);
        ShardDump before = shard.dump();
        Settled settled = shard.settle(List.of(new Settlement(lease, outcome))).getFirst();
        if (!success || !memory.alive.containsKey(id) || !still) {
            String kind = outcome.getClass().getSimpleName();
            Check.that(settled == Settled.IGNORED, "a stale " + kind + " of " + id + " was accepted");
            shard.unchanged(before, "a stale settlement of " + id);
        } else if (memory.people.isOutdated(outcome)) {
            Check.that(settled == Settled.OUTDATED, "an outdated late success of " + id + " was " + settled);
            shard.unchanged(before, "an outdated late success of " + id);
            memory.lost.add(lease);
        } else {
            Check.that(settled == Settled.APPLIED, "a late success of " + id + " was " + settled);
            memory.endLate(new Settlement(lease, outcome));
        }
    }

    /** Whether what lives under its id is its job, and not one that was enqueued after that had ended. */
    private boolean isStill(Lease lease) {
        String id = lease.job().id();
        String entry = shard.entries().get(id);
        return entry == null
                ? !shard.audit().untaken.contains(id)
                : entry.equals(lease.hold().entry());
    }

    private Outcome failure(Lease lease) {
        return switch (memory.random.nextInt(3)) {
            case 0 -> RedisShard.retry(lease, Duration.ZERO);
            case 1 -> RedisShard.failed(lease);
            default -> new Outcome.Released(Duration.ZERO);
        };
    }
}
