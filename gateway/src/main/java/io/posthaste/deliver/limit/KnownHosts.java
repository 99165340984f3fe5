package io.posthaste.deliver.limit;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is remembered of hosts, by name, as many as are bounded here. Thread-safe. Times are nanoseconds. */
final class KnownHosts {
    /** Hosts that are remembered while nothing is in flight to them. */
    private static final int MOST = 10_000;
    /** A host without attempts is forgotten after this: a restart of the process forgets them, too. */
    private static final long REMEMBERED_NANOS = Duration.ofMinutes(10).toNanos();

    private final ConcurrentHashMap<String, HostState> hosts = new ConcurrentHashMap<>();
    private final AtomicLong sweptAt;

    KnownHosts(long now) {
        this.sweptAt = new AtomicLong(now);
    }

    /** @param change from what was known, or null, to what is; nobody else changes this host meanwhile */
    void change(String name, UnaryOperator<@Nullable HostState> change) {
        hosts.compute(name, (key, known) -> change.apply(known));
    }

    @Nullable
    HostState get(String name) {
        return hosts.get(name);
    }

    int size() {
        return hosts.size();
    }

    Stream<Map.Entry<String, HostState>> all(Predicate<HostState> which) {
        return hosts.entrySet().stream().filter(entry -> which.test(entry.getValue()));
    }

    /** Once a minute, or at once where there are too many: whoever is idle and has not been used for long is forgotten. */
    void sweep(long now) {
        long before = sweptAt.get();
        long pause = hosts.size() > MOST ? 1_000_000_000L : 60_000_000_000L;
        if (now - before < pause || !sweptAt.compareAndSet(before, now)) {
            return;
        }
        boolean tooMany = hosts.size() > MOST;
        hosts.values()
                .removeIf(host -> host.inFlight() == 0
                        && (now - host.usedAt() > REMEMBERED_NANOS || (tooMany && !host.proven())));
        if (hosts.size() > MOST) {
            hosts.values().removeIf(host -> host.inFlight() == 0);
        }
    }
}
