package io.posthaste.deliver;

import io.posthaste.job.Outcome;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/** How many attempts are in flight to each host: a receiver that hangs cannot hold every slot of the process (M66). */
public final class HostLimits {
    /** Long enough that a full host's backlog is not claimed in circles, short against any retry. */
    private static final Duration COME_BACK = Duration.ofMillis(250);

    private final int maxPerHost;
    private final ConcurrentHashMap<String, Integer> inFlight = new ConcurrentHashMap<>();

    public HostLimits(int maxPerHost) {
        this.maxPerHost = maxPerHost;
    }

    /** Runs the attempt in one of the host's places; gives the lease back, at no cost to the job, when all are taken. */
    Mono<Outcome> within(String host, Mono<Outcome> attempt) {
        return Mono.defer(
                () -> enter(host) ? attempt.doFinally(end -> leave(host)) : Mono.just(new Outcome.Released(COME_BACK)));
    }

    /** Hosts with at least one attempt in flight. */
    public int hosts() {
        return inFlight.size();
    }

    private boolean enter(String host) {
        // Counted first and taken back when over: between the two a host is at worst refused one attempt too many.
        if (inFlight.merge(host, 1, Integer::sum) <= maxPerHost) {
            return true;
        }
        leave(host);
        return false;
    }

    private void leave(String host) {
        inFlight.computeIfPresent(host, (name, count) -> count == 1 ? null : count - 1);
    }
}
