package io.posthaste.queue;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

class RedisJobQueueContractIT extends JobQueueContract {
    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    @BeforeEach
    void clear() {
        shard.clear();
        shard.queue(RedisShard.settings());
    }

    @Override
    JobQueue queue() {
        return shard.queue;
    }

    @Override
    void add(String id, String lane, int bytes) {
        shard.enqueue(id, lane, "data", "{\"a\":\"" + "x".repeat(bytes) + "\"}");
    }

    @Override
    void leasesRunOut() {
        shard.queue(RedisShard.settings(Duration.ofMillis(1), 100));
    }

    @Override
    void leasesLast() {
        shard.queue(RedisShard.settings());
    }

    @Override
    void moment() {
        LockSupport.parkNanos(5_000_000);
    }
}
