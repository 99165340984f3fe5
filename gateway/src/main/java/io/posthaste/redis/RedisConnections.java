package io.posthaste.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.posthaste.config.RedisTls;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's connections to Redis. Few and each for one purpose: a connection is one I/O thread and one client in
 * Redis, and a large reply delays what is queued behind it. On a cluster each is one to every primary in use.
 */
public final class RedisConnections implements AutoCloseable {
    /** Commands waiting on one connection; beyond it they fail at once, so that an outage cannot fill the heap. */
    private static final int QUEUED_COMMANDS = 10_000;

    private static final char[] NO_PASSWORD = {};

    /** Each is a connection: shards beyond are only asked at intervals. */
    private static final int MOST_DOORBELLS = 64;

    private final ClientResources resources;
    private final Servers servers;
    private final RedisLink claim;
    private final RedisLink settle;
    private final RedisLink foreground;
    private final RedisLink admin;
    private final DurableWrites durable;
    private final Map<String, RedisLink> doorbells = new ConcurrentHashMap<>();
    private final Duration longestHold;
    private final CommandTimer timer;

    private RedisConnections(ClientResources resources, Servers servers, Duration commandTimeout, CommandTimer timer) {
        this.resources = resources;
        this.servers = servers;
        this.longestHold = commandTimeout.dividedBy(2);
        this.claim = new RedisLink(servers, timer);
        this.settle = new RedisLink(servers, timer);
        this.foreground = new RedisLink(servers, timer);
        this.admin = new RedisLink(servers, timer);
        this.durable = new DurableWrites(new RedisLink(servers, timer), System::nanoTime);
        this.timer = timer;
    }

    /**
     * Connects, blocking until Redis answers or the time-out has passed.
     *
     * @param uri {@code redis://} or {@code rediss://}; of a cluster some nodes, with commas between them, or one
     * @param commandTimeout how long one command or script may take
     * @throws UnusableRedisException when the address is not understood or nothing answers there
     */
    public static RedisConnections open(String uri, Duration commandTimeout) {
        return open(uri, commandTimeout, CommandTimer.NONE);
    }

    /** The same, with every command timed. */
    public static RedisConnections open(String uri, Duration commandTimeout, CommandTimer timer) {
        return open(uri, commandTimeout, timer, RedisTls.NONE);
    }

    /** The same, with authorities and a certificate of one's own for {@code rediss://}. */
    public static RedisConnections open(String uri, Duration commandTimeout, CommandTimer timer, RedisTls tls) {
        List<RedisURI> nodes = RedisAddresses.parse(uri);
        // A server that hangs takes connections and answers nothing: a greeting has a minute unless it is told.
        nodes.forEach(node -> node.setTimeout(commandTimeout));
        ClientResources resources = ClientResources.builder()
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        try {
            Servers servers = servers(resources, nodes, options(commandTimeout, tls));
            return new RedisConnections(resources, servers, commandTimeout, timer);
        } catch (RedisException e) {
            shutDown(resources);
            throw new UnusableRedisException(
                    "redis.uri: cannot connect to %s (%s); start Redis there or correct the address, user and password"
                            .formatted(RedisAddresses.shown(nodes), rootMessage(e)));
        } catch (RuntimeException e) {
            shutDown(resources);
            throw e;
        }
    }

    private static Servers servers(ClientResources resources, List<RedisURI> nodes, ClientOptions options) {
        if (nodes.size() > 1) {
            return new Cluster(resources, nodes, options, System::nanoTime);
        }
        OneServer server = new OneServer(resources, nodes.getFirst(), options);
        if (!server.isPartOfCluster()) {
            return server;
        }
        server.close();
        return new Cluster(resources, nodes, options, System::nanoTime);
    }

    /** For claiming jobs. */
    public RedisLink claim() {
        return claim;
    }

    /** For settling leases. */
    public RedisLink settle() {
        return settle;
    }

    /** For what deliveries and producers wait for: actions, people, new jobs. Nothing that takes long. */
    public RedisLink foreground() {
        return foreground;
    }

    /** For everything else: history, lists, upkeep. */
    public RedisLink admin() {
        return admin;
    }

    /** For writes that are answered when one server may die without them. */
    public DurableWrites durable() {
        return durable;
    }

    /**
     * For a command on this shard that Redis holds until something happens: it keeps what is sent after it waiting, so each
     * shard has its own. Null when there are {@link #MOST_DOORBELLS}. Blocks when it is new.
     */
    public @Nullable RedisLink doorbell(String shard) {
        return doorbells.size() < MOST_DOORBELLS || doorbells.containsKey(shard)
                ? doorbells.computeIfAbsent(shard, tag -> new RedisLink(servers, timer))
                : null;
    }

    /** How long Redis may hold a command; well below the time after which a connection counts as broken. */
    public Duration longestHold() {
        return longestHold;
    }

    /** Whether there is more than one server, any of which may be lost without an end. */
    public boolean isCluster() {
        return servers instanceof Cluster;
    }

    /** What {@code INFO everything} says of every server that takes writes. Blocks. */
    List<ServerFacts> info() {
        return servers.info();
    }

    private static SslOptions ssl(RedisTls tls) {
        SslOptions.Builder builder = SslOptions.builder().jdkSslProvider().protocols("TLSv1.3", "TLSv1.2");
        if (!tls.ca().isEmpty()) {
            builder.trustManager(new File(tls.ca()));
        }
        if (tls.hasCertificate()) {
            builder.keyManager(new File(tls.certificate()), new File(tls.key()), NO_PASSWORD);
        }
        return builder.build();
    }

    private static ClientOptions options(Duration timeout, RedisTls tls) {
        SocketOptions.KeepAliveOptions keepAlive = SocketOptions.KeepAliveOptions.builder()
                .enable()
                .idle(Duration.ofSeconds(5))
                .interval(Duration.ofSeconds(2))
                .count(3)
                .build();
        SocketOptions.TcpUserTimeoutOptions userTimeout = SocketOptions.TcpUserTimeoutOptions.builder()
                .enable()
                .tcpUserTimeout(Duration.ofSeconds(10))
                .build();
        SocketOptions sockets = SocketOptions.builder()
                .connectTimeout(timeout)
                .keepAlive(keepAlive)
                .tcpUserTimeout(userTimeout)
                .build();
        return ClientOptions.builder()
                // Replies then have the shapes that scripts see: scores are text, maps are flat.
                .protocolVersion(ProtocolVersion.RESP2)
                .autoReconnect(true)
                // Nothing is replayed: a script that may have run is repeated by its sender or not at all.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(QUEUED_COMMANDS)
                .timeoutOptions(TimeoutOptions.builder().fixedTimeout(timeout).build())
                .socketOptions(sockets)
                .sslOptions(ssl(tls))
                .build();
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = root; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return String.valueOf(root.getMessage());
    }

    @Override
    public void close() {
        doorbells.values().forEach(RedisLink::close);
        List.of(claim, settle, foreground, admin, durable.link()).forEach(RedisLink::close);
        servers.close();
        shutDown(resources);
    }

    private static void shutDown(ClientResources resources) {
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
    }
}
