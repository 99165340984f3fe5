package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Feed;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.process.RedisAddress;

/** What is measured: a started worker with its own Redis, ready to take the workload's jobs. */
public interface Contender extends AutoCloseable {
    /** The signing key that contenders sign with and the receiver checks. */
    String SIGNING_KEY = "load-test-signing-key-0123456789abcdef";

    String name();

    /** Makes what will enqueue the jobs of one run; {@code run} is the prefix of their ids. */
    Feed feed(String run, Ledger ledger, Plan plan);

    /**
     * Called when the feed is done. A contender whose jobs are all enqueued before it works starts working here.
     */
    void fed();

    /** Whether jobs are enqueued before work begins: then there is no latency to speak of. */
    boolean isPreloaded();

    /** Whether nothing is left to do, by the contender's own account. */
    boolean isSettled();

    /** Bytes of its heap that are in use after a collection; 0 if it has none to speak of. */
    default long liveHeapBytes() {
        return 0;
    }

    /** CPU time of the worker so far. */
    long cpuMicros();

    /** Most memory the worker had resident. */
    long peakBytes();

    RedisMeter redis();

    RedisAddress redisAddress();

    @Override
    void close();
}
