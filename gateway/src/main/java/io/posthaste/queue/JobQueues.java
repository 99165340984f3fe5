package io.posthaste.queue;

import io.posthaste.job.Lease;
import io.posthaste.job.Settlement;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The queues of all shards of a keyspace. A lease belongs to the shard that it was claimed from. */
public final class JobQueues {
    private final Supplier<Assignment> assignment;
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private volatile Map<String, JobQueue> byShard;

    /**
     * @param byShard by the shard's tag, in order
     * @param assignment who polls them now
     */
    public JobQueues(Map<String, ? extends JobQueue> byShard, Supplier<Assignment> assignment) {
        this.byShard = Collections.unmodifiableMap(new LinkedHashMap<>(byShard));
        this.assignment = assignment;
    }

    /** One more shard, behind the others. Who follows hears of it when it is there. */
    public synchronized void add(String shard, JobQueue queue) {
        Map<String, JobQueue> more = new LinkedHashMap<>(byShard);
        more.put(shard, queue);
        byShard = Collections.unmodifiableMap(more);
        followers.forEach(Runnable::run);
    }

    /** Called whenever there are more; must not block. */
    public void follow(Runnable follower) {
        followers.add(follower);
    }

    /**
     * How many times longer each shard gathers what it claims and settles than one alone would: with many shards there is
     * little for each, and a script costs much beside its jobs. Measured for 16: a third of their number keeps Redis
     * within a tenth of what one shard costs at a trickle, and jobs within twice their time.
     */
    public static int pauses(int shards) {
        return Math.max(1, shards / 3);
    }

    /** As {@link #pauses(int)}, for those that are polled here. */
    public int pauses() {
        return pauses(polled());
    }

    /** As {@link Assignment#pollers}. */
    public int pollers() {
        return assignment.get().pollers();
    }

    /** How many this gateway polls now. */
    public int polled() {
        return assignment.get().polled(byShard.size());
    }

    /** Something for each from this place on, in order, from its queue and what is to be done about it now. */
    public <T> List<T> each(int from, BiFunction<JobQueue, Supplier<Assignment.Duty>, T> of) {
        return byShard.entrySet().stream()
                .skip(from)
                .map(shard -> of.apply(shard.getValue(), () -> assignment.get().duty(shard.getKey())))
                .toList();
    }

    /** The tags of the shards, in order. */
    public List<String> tags() {
        return List.copyOf(byShard.keySet());
    }

    /** As {@link JobQueue#settle}. */
    public Mono<Settled> settle(Settlement settlement) {
        return of(settlement.lease()).settle(settlement);
    }

    /** As {@link JobQueue#lengthen}, where this lease came from. */
    public Mono<Void> lengthen(Lease lease, Duration attempt) {
        return of(lease).lengthen(lease.job().lane(), attempt);
    }

    /** As {@link JobQueue#unsettled}, of all. */
    public int unsettled() {
        return byShard.values().stream().mapToInt(JobQueue::unsettled).sum();
    }

    private JobQueue of(Lease lease) {
        JobQueue queue = byShard.get(lease.hold().shard());
        if (queue == null) {
            throw new IllegalStateException("a lease of shard " + lease.hold().shard() + ", which is not here");
        }
        return queue;
    }
}
