package io.posthaste.queue.model;

import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.Shards;
import io.posthaste.testing.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Does random things to all shards of a keyspace, each of them a model, and to the people whose deliveries are elsewhere. */
final class KeyspaceModel implements AutoCloseable {
    private final ModelRedis redis;
    private final Random random;
    private final List<QueueModel> shards = new ArrayList<>();
    private final Elsewhere elsewhere;

    /** @param shards 1 has nobody elsewhere */
    record Kind(int shards) {
        static final Kind ONE_SHARD = new Kind(1);
        static final Kind SEVERAL = new Kind(4);
    }

    /** @param mutate changes the text of a script; identity for the real ones */
    KeyspaceModel(RedisServer server, long seed, Kind kind, UnaryOperator<String> mutate) {
        this.redis = new ModelRedis(server);
        this.random = new Random(seed);
        Shards all = new Shards(IntStream.range(0, kind.shards())
                .mapToObj(index -> new RedisKeys("" + index))
                .toList());
        this.elsewhere = new Elsewhere(redis, all, new Random(seed), mutate);
        for (int index = 0; index < all.count(); index++) {
            Shard shard = new Shard(redis, all.all().get(index), mutate);
            int home = index;
            Memory memory =
                    new Memory(seed + index, shard.keys, key -> all.indexOf(key) == home, shard::isTakenIn, elsewhere);
            elsewhere.add(shard, memory);
            shards.add(new QueueModel(shard, memory));
        }
    }

    /** Runs so many random deeds, auditing after each. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            if (shards.size() > 1 && random.nextInt(3) == 0) {
                elsewhere.happen();
                elsewhere.audit();
            } else {
                shards.get(shards.size() > 1 ? random.nextInt(shards.size()) : 0)
                        .step();
            }
        }
    }

    /** {@code kill -9} and start: with a flush of every write to the file, nothing may differ. */
    void crash() {
        List<ShardDump> before = shards.stream().map(QueueModel::dump).toList();
        redis.crash();
        for (int i = 0; i < shards.size(); i++) {
            shards.get(i).isAsBefore(before.get(i));
        }
        elsewhere.audit();
    }

    /** Everything that lives can be delivered. */
    void drain() {
        elsewhere.endAll();
        shards.forEach(QueueModel::drain);
        elsewhere.audit();
    }

    @Override
    public void close() {
        redis.close();
    }
}
