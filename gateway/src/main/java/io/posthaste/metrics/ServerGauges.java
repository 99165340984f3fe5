package io.posthaste.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** How full the servers of Redis are, how far their copies are behind, and how far the readers of results. */
public final class ServerGauges {
    private final TaggedGauge used;
    private final TaggedGauge limit;
    private final TaggedGauge replicas;
    private final TaggedGauge lag;
    private final TaggedGauge readers;

    /**
     * A server that takes writes.
     *
     * @param name host and port
     * @param usedBytes of memory
     * @param limitBytes of it, 0 for none
     * @param replicas that are online
     * @param lagSeconds of the slowest of them
     */
    public record Server(String name, long usedBytes, long limitBytes, long replicas, long lagSeconds) {}

    public ServerGauges(MeterRegistry registry) {
        this.used = gauge(registry, "posthaste.redis.memory.used.bytes", "Memory that a server of Redis uses");
        this.limit = gauge(registry, "posthaste.redis.memory.limit.bytes", "Memory that it may use, 0 for no limit");
        this.replicas = gauge(registry, "posthaste.redis.replicas", "Copies of a server that are online");
        this.lag = gauge(registry, "posthaste.redis.replica.lag.seconds", "How far the slowest copy is behind");
        this.readers = new TaggedGauge(
                registry, "posthaste.results.lag", "Results that a consumer group has still to read", "group");
    }

    private static TaggedGauge gauge(MeterRegistry registry, String name, String what) {
        return new TaggedGauge(registry, name, what, "server");
    }

    /** Replaces what is shown. */
    public void update(List<Server> servers, Map<String, Long> readersByGroup) {
        set(used, servers, Server::usedBytes);
        set(limit, servers, Server::limitBytes);
        set(replicas, servers, Server::replicas);
        set(lag, servers, Server::lagSeconds);
        readers.update(readersByGroup);
    }

    private static void set(TaggedGauge gauge, List<Server> servers, ToLongFunction<Server> value) {
        Map<String, Long> numbers = new HashMap<>();
        servers.forEach(server -> numbers.put(server.name(), value.applyAsLong(server)));
        gauge.update(numbers);
    }
}
