package io.posthaste.bench.load.drive;

/**
 * CPU time used so far, in microseconds, by each of the parties to a load test.
 *
 * @param worker the gateway, or the peer's worker processes
 * @param feed what enqueues, with the monitor of the load test
 */
public record Usage(long worker, long redis, long receiver, long feed) {
    public Usage since(Usage earlier) {
        return new Usage(
                worker - earlier.worker, redis - earlier.redis, receiver - earlier.receiver, feed - earlier.feed);
    }
}
