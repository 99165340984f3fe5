package io.posthaste.queue;

import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.posthaste.config.GatewayConfig;
import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import io.posthaste.queue.browse.RedisDeliveries;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.seal.Sealer;
import io.posthaste.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/** One shard on a real Redis, with the queue on it and plain commands beside it. */
public final class RedisShard implements AutoCloseable {
    public static final Sealer SEALER = Sealer.of("0".repeat(64), new Random(3));
    static final Duration WAIT = Duration.ofSeconds(20);
    public static final Duration LEASE_MARGIN = Duration.ofSeconds(5);

    final RedisServer server;
    final RedisKeys keys = new RedisKeys(QueueSettings.SINGLE_SHARD);
    final RedisConnections connections;
    private final RedisClient client;
    final RedisCommands<String, String> redis;
    RedisJobQueue queue;
    final RedisDeliveries deliveries;

    private RedisShard(RedisServer server) {
        this.server = server;
        this.connections = RedisConnections.open(server.uri(), Duration.ofSeconds(5));
        this.client = RedisClient.create(server.uri());
        this.redis = client.connect(StringCodec.UTF8).sync();
        this.queue = queue(settings());
        this.deliveries = new RedisDeliveries(connections, settings(), SEALER);
    }

    static RedisShard start(String... settings) {
        return new RedisShard(RedisServer.start(settings));
    }

    /** Everything small and quick; a lease lasts 30 s, or 5 s beyond the longest attempt of its lane. */
    static QueueSettings settings() {
        return settings(Duration.ofSeconds(30), 100);
    }

    /** @param lease of a lane that was not told how long its attempts are */
    static QueueSettings settings(Duration lease, int laneMaxInFlight) {
        GatewayConfig.History history =
                new GatewayConfig.History(1_000, Duration.ofHours(24), Duration.ofDays(7), 1 << 20, "failed", true);
        return new QueueSettings(
                QueueSettings.SINGLE_SHARD,
                256,
                Duration.ofMillis(1),
                new QueueSettings.Leases(lease.minus(LEASE_MARGIN), LEASE_MARGIN, laneMaxInFlight, 5),
                new QueueSettings.Kept(10_000, 1_000, Duration.ZERO, history));
    }

    RedisJobQueue queue(QueueSettings settings) {
        queue = new RedisJobQueue(
                connections, settings, SEALER, InstantSource.system(), Schedulers.parallel(), new Random(7), () -> {});
        return queue;
    }

    /** As any producer would. Pairs of further fields may follow. */
    String enqueue(String id, String action, String... more) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("v", "1");
        fields.put("id", id);
        fields.put("action", action);
        fields.put("data", "{\"customer\":{\"id\":\"" + id + "\"}}");
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], more[i + 1]);
        }
        return add(fields);
    }

    String add(Map<String, String> fields) {
        return redis.xadd(keys.inbox(), fields);
    }

    List<Lease> claim(int max) {
        return claimed(max).leases();
    }

    Claim claimed(int max) {
        return Objects.requireNonNull(queue.claim(max).block(WAIT));
    }

    /** Claims until this many are leased; for work that comes due in a moment. */
    List<Lease> awaitLeases(int count) {
        List<Lease> leases = new ArrayList<>();
        Awaitility.await()
                .atMost(WAIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    leases.addAll(claim(count - leases.size()));
                    return leases.size() == count;
                });
        return leases;
    }

    static <T> T get(reactor.core.publisher.Mono<T> answer) {
        return Objects.requireNonNull(answer.block(WAIT));
    }

    boolean settle(Lease lease, Outcome outcome) {
        return settled(lease, outcome) == Settled.APPLIED;
    }

    Settled settled(Lease lease, Outcome outcome) {
        return get(queue.settle(new Settlement(lease, outcome)));
    }

    public static Outcome.Delivered delivered(Lease lease) {
        return delivered(lease, lease.job().id());
    }

    public static Outcome.Delivered delivered(Lease lease, String body) {
        return new Outcome.Delivered(new Attempt(lease.attempt(), 3_000, 200, 12, "", "thanks"), request(body), false);
    }

    public static Outcome retry(Lease lease, Duration delay) {
        return new Outcome.Retry(
                failure(lease),
                delay,
                lease.frozen() == null ? request(lease.job().id()) : null);
    }

    public static Outcome failed(Lease lease) {
        return failed(lease, "HTTP 404");
    }

    public static Outcome failed(Lease lease, String reason) {
        return new Outcome.Failed(
                failure(lease),
                reason,
                lease.frozen() == null ? request(lease.job().id()) : null);
    }

    private static Attempt failure(Lease lease) {
        return new Attempt(lease.attempt(), 2_000, 503, 34, "HTTP 503", "try later");
    }

    public static RenderedRequest request(String body) {
        return new RenderedRequest(
                "POST",
                "https://example.com/hook",
                List.of(new Header("Content-Type", "application/json")),
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** The results stream as {@code event id attempt status reason}, oldest first. */
    List<String> results() {
        return redis.xrange(keys.results(), Range.unbounded()).stream()
                .map(message -> line(message.getBody()))
                .toList();
    }

    private static String line(Map<String, String> body) {
        List<String> names = List.of("event", "id", "attempt", "status", "reason");
        return String.join(
                        " ",
                        names.stream().map(name -> body.getOrDefault(name, "-")).toList())
                .strip();
    }

    @Nullable
    String stat(String name) {
        return redis.hget(keys.stats(), name);
    }

    void clear() {
        redis.flushall();
    }

    @Override
    public void close() {
        connections.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        server.close();
    }
}
