package io.posthaste.bench.load.drive;

import io.posthaste.bench.load.process.RedisCluster;
import java.util.ArrayList;
import java.util.List;

/** A producer for each shard of a cluster; a run's jobs are dealt to them in turn. */
public final class ClusterFeed implements Feed {
    private final List<ShardProducer> producers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final int most;

    /**
     * @param run prefix of all ids of the run
     * @param inboxes of the shards, in their order
     * @param durable whether a job is accepted only when a replica has it
     */
    public ClusterFeed(
            RedisCluster cluster,
            String run,
            Workload workload,
            List<String> inboxes,
            Ledger ledger,
            Pace pace,
            boolean durable) {
        this.most = ledger.capacity();
        for (int shard = 0; shard < inboxes.size(); shard++) {
            String inbox = inboxes.get(shard);
            ShardProducer producer = new ShardProducer(
                    cluster,
                    new ShardProducer.Part(inbox, shard, inboxes.size()),
                    new Frames(run, workload, List.of(inbox)),
                    ledger,
                    pace,
                    durable);
            producers.add(producer);
            threads.add(new Thread(producer::run, "producer-" + shard));
        }
    }

    @Override
    public void start() {
        threads.forEach(Thread::start);
    }

    @Override
    public void stop() {
        producers.forEach(ShardProducer::stop);
    }

    @Override
    public boolean isDone() {
        return producers.stream().allMatch(ShardProducer::isDone);
    }

    /** Jobs below this number may have been offered. */
    @Override
    public int offered() {
        return Math.min(
                most, producers.stream().mapToInt(ShardProducer::next).max().orElse(0));
    }

    @Override
    public long cpuMicros() {
        return 0;
    }

    @Override
    public void close() {
        stop();
        threads.forEach(Thread::interrupt);
    }
}
