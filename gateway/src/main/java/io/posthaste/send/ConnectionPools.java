package io.posthaste.send;

import io.posthaste.config.GatewayConfig;
import io.posthaste.send.peer.Peers;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.ConnectionProvider.ConnectionMetadata;

/**
 * The connection pools, one per host, as they are now. Only sums and the worst: hosts are named by those who write
 * actions, and a time series for each would be theirs to multiply.
 */
public final class ConnectionPools implements ConnectionProvider.MeterRegistrar {
    /** Idle connections beyond those in use that nobody minds. */
    private static final int SPARE = 128;

    private static final Duration POOL_PATIENCE = Duration.ofSeconds(30);
    private static final Duration EVICTION = Duration.ofSeconds(5);

    /** How long a connection is kept idle though there are more than the traffic needs. */
    private static final Duration SPARED = Duration.ofSeconds(2);

    private static final long LOOKS_EVERY_NANOS = 1_000_000_000L;

    private final ConcurrentHashMap<String, Pool> pools = new ConcurrentHashMap<>();
    private final LongAdder stale = new LongAdder();
    private final LongSupplier nanoTime;
    private final AtomicLong lookedAt;
    private volatile boolean tooManyIdle;

    /** @param host it is for, as {@code Target.hostKey} names it; null for none */
    private record Pool(@Nullable String host, ConnectionPoolMetrics metrics) {}

    /**
     * Connections to one host.
     *
     * @param waiting requests that wait for one
     */
    public record Held(int active, int idle, int waiting) {
        public static final Held NONE = new Held(0, 0, 0);

        private Held and(Held more) {
            return new Held(active + more.active, idle + more.idle, waiting + more.waiting);
        }

        private static Held of(ConnectionPoolMetrics pool) {
            return new Held(pool.acquiredSize(), pool.idleSize(), pool.pendingAcquireSize());
        }
    }

    ConnectionPools(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lookedAt = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * The last used connection first: hot connections stay hot and the others grow idle and go. A predicate of one's own
     * replaces the pool's, which lets go of what the other side has closed: a request fails that meets two of those.
     */
    ConnectionProvider provider(GatewayConfig.Send config, int perHost) {
        return ConnectionProvider.builder("posthaste-send")
                .maxConnections(perHost)
                .pendingAcquireMaxCount(config.maxInFlight())
                .pendingAcquireTimeout(POOL_PATIENCE)
                .evictionPredicate((connection, age) -> !connection.channel().isActive() || isTooOld(config, age))
                .evictInBackground(EVICTION)
                .disposeInactivePoolsInBackground(config.maxIdle(), config.maxIdle())
                .metrics(true, () -> this)
                .lifo()
                .build();
    }

    private boolean isTooOld(GatewayConfig.Send config, ConnectionMetadata age) {
        return age.idleTime() >= config.maxIdle().toMillis()
                || age.lifeTime() >= config.maxLife().toMillis()
                || (age.idleTime() >= SPARED.toMillis() && haveTooManyIdle());
    }

    @Override
    public void registerMetrics(String poolName, String id, SocketAddress remote, ConnectionPoolMetrics pool) {
        pools.put(id + remote, new Pool(Peers.key(remote), pool));
    }

    @Override
    public void deRegisterMetrics(String poolName, String id, SocketAddress remote) {
        pools.remove(id + remote);
    }

    /** Connections with a request under way. */
    public int active() {
        return each(ConnectionPoolMetrics::acquiredSize).sum();
    }

    /** Open connections without a request. */
    public int idle() {
        return each(ConnectionPoolMetrics::idleSize).sum();
    }

    /** Whether more wait for a request than have one, and some: as of a second ago, because it is asked for each connection. */
    boolean haveTooManyIdle() {
        long now = nanoTime.getAsLong();
        long before = lookedAt.get();
        if (now - before >= LOOKS_EVERY_NANOS && lookedAt.compareAndSet(before, now)) {
            tooManyIdle = idle() > active() + SPARE;
        }
        return tooManyIdle;
    }

    /** Kept connections, since the start, that ended as a request arrived on them. */
    public long stale() {
        return stale.sum();
    }

    void countStale() {
        stale.increment();
    }

    /** Requests that wait for a connection. */
    public int waiting() {
        return each(ConnectionPoolMetrics::pendingAcquireSize).sum();
    }

    /** Requests that wait for a connection to the host where most do. */
    public int mostWaiting() {
        return each(ConnectionPoolMetrics::pendingAcquireSize).max().orElse(0);
    }

    /** By host; for people who look, seldom. */
    Map<String, Held> byHost() {
        Map<String, Held> held = new HashMap<>();
        for (Pool pool : pools.values()) {
            if (pool.host() != null) {
                held.merge(pool.host(), Held.of(pool.metrics()), Held::and);
            }
        }
        return held;
    }

    private IntStream each(ToIntFunction<ConnectionPoolMetrics> size) {
        return pools.values().stream().map(Pool::metrics).mapToInt(size);
    }
}
