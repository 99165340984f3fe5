package io.posthaste.queue;

import io.posthaste.job.Settlement;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * The delivery guarantee. A job accepted into the inbox is leased, again and again if need be, until it is settled
 * as ended; a lease that runs out returns the job. So it is sent at least once, and what is settled stays settled.
 */
public interface JobQueue {

    /**
     * Takes up to {@code max} jobs that are due, fairly over lanes. {@code claim(0)} takes in new jobs without leasing
     * any. Fails when Redis does; then nothing was leased, or leases run out by themselves.
     */
    default Mono<Claim> claim(int max) {
        return claim(max, Long.MAX_VALUE, Map.of());
    }

    /**
     * The same.
     *
     * @param maxBytes of their bodies, all together; the last one may go beyond, whatever there is room for
     * @param laneLimits lanes of which this claim takes so many jobs at most, whatever the lanes may have leased
     */
    Mono<Claim> claim(int max, long maxBytes, Map<String, Integer> laneLimits);

    /**
     * Completes once the inbox holds what no claim has taken in, or after a while without. A hint: it may be late, for
     * nothing, or fail, so whoever waits for it also claims at intervals.
     */
    Mono<Void> doorbell();

    /**
     * From now on leases of this lane outlast attempts of this length. For a lane that holds longer ones than it was
     * told: jobs with an action of their own, or an action whose saving was cut off.
     */
    Mono<Void> lengthen(String lane, Duration attempt);

    /**
     * Records what became of a lease; may be repeated. Completes once Redis has answered: an outage is waited out,
     * nothing is dropped while this process lives.
     */
    Mono<Settled> settle(Settlement settlement);

    /** Settlements that wait for Redis' answer; a stop waits until there are none. */
    int unsettled();
}
