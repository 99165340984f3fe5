package io.posthaste.deliver;

import java.util.concurrent.ConcurrentHashMap;

/** How many attempts are in flight to each host: a receiver that hangs cannot hold every slot of the process. */
final class HostLimits {
    private final int maxPerHost;
    private final ConcurrentHashMap<String, Integer> inFlight = new ConcurrentHashMap<>();

    HostLimits(int maxPerHost) {
        this.maxPerHost = maxPerHost;
    }

    /** Takes a place for one attempt to {@code host}; false when all are taken. */
    boolean enter(String host) {
        boolean[] entered = {true};
        inFlight.compute(host, (name, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < maxPerHost;
            return entered[0] ? now + 1 : now;
        });
        return entered[0];
    }

    /** Gives the place back; a host without attempts is forgotten. */
    void leave(String host) {
        inFlight.computeIfPresent(host, (name, count) -> count == 1 ? null : count - 1);
    }

    /** Hosts with at least one attempt in flight. */
    int hosts() {
        return inFlight.size();
    }
}
