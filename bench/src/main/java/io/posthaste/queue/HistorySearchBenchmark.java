package io.posthaste.queue;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.bench.load.process.RedisServer;
import io.posthaste.config.GatewayConfig;
import io.posthaste.job.Attempt;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Job;
import io.posthaste.job.Recipient;
import io.posthaste.job.Trip;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.RedisDeliveries;
import io.posthaste.queue.record.HistoryRecord;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.seal.Sealer;
import io.posthaste.subject.CustomerId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to find the deliveries of one customer among 100,000 that were sent, the oldest of them all being
 * the customer's, and what does it cost each delivery that they can be found? A real Redis, blocks as large as a rate makes them.
 *
 * <p>{@code scripts/bench HistorySearchBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH sets up.
public class HistorySearchBenchmark {
    private static final int RECORDS = 100_000;

    @Param({"4", "64"})
    private int recordsPerBlock;

    private final byte[] data = """
            {"event":{"name":"order_placed","items":[{"sku":"A-1","price":12.5},{"sku":"B-2","price":3}],"note":"%s"},
            "customer":{"id":"1007","email":"zoe@example.com","first_name":"Zoë","plan":"pro"}}""".formatted("x".repeat(400)).getBytes(StandardCharsets.UTF_8);

    private RedisServer server;
    private RedisConnections redis;
    private Deliveries deliveries;

    @Setup(Level.Trial)
    public void fill() throws IOException {
        Path work = Files.createTempDirectory("history-search");
        server = RedisServer.start(work, "no");
        redis = RedisConnections.open(server.address().uri(), Duration.ofSeconds(10));
        GatewayConfig.History history =
                new GatewayConfig.History(RECORDS, Duration.ofDays(1), Duration.ofDays(1), 0, "failed", true);
        QueueSettings settings = new QueueSettings(
                "0",
                256,
                Duration.ofMillis(1),
                new QueueSettings.Leases(Duration.ofSeconds(30), Duration.ofSeconds(5), 100, 5),
                new QueueSettings.Kept(1_000, 1_000, Duration.ZERO, history));
        deliveries = new RedisDeliveries(redis, settings, Sealer.of("0".repeat(64), new Random(1)));
        String key = new RedisKeys("0").history("sent");
        for (int from = 0; from < RECORDS; from += recordsPerBlock) {
            redis.admin()
                    .send(CommandType.RPUSH, key, block(from))
                    .toCompletableFuture()
                    .join();
        }
    }

    private byte[] block(int from) {
        int number = from / recordsPerBlock;
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(ByteBuffer.allocate(25)
                .put((byte) 1)
                .putDouble(number)
                .putDouble((double) from)
                .putDouble(1_795_417_533_189.0 + from)
                .array());
        for (int i = from; i < from + recordsPerBlock; i++) {
            block.writeBytes(record(i));
        }
        return block.toByteArray();
    }

    private static byte[] record(int i) {
        String id = "01JD%022d".formatted(i);
        Job job = Job.of(id, "zendesk", new byte[0], Job.Terms.of(id), 1_795_417_533_189L);
        Trip trip = new Trip("203.0.113.7:443", true, 0, -1, -1, 120, List.of());
        Attempt attempt = new Attempt(1, 1_795_417_533_189L, 200, 121, "", "{\"ok\":true}")
                .with(new Attempt.Details("gateway-1a2b3c4d", trip, List.of()));
        return HistoryRecord.encode(
                job,
                new Recipient("customer-" + i, "acme.zendesk.com"),
                DeliveryState.SENT,
                "",
                AttributeUpdate.State.NONE,
                attempt);
    }

    @TearDown(Level.Trial)
    public void stop() {
        redis.close();
        server.close();
    }

    /** The page that finds the oldest of all. */
    @Benchmark
    public Object oldestOfAll() {
        Deliveries.Wanted wanted = new Deliveries.Wanted(null, null, null, 0, "customer-0", null, null);
        Deliveries.Page page = Objects.requireNonNull(
                deliveries.list(new Deliveries.Query(wanted, null, 50)).block(Duration.ofSeconds(10)));
        if (page.deliveries().size() != 1) {
            throw new IllegalStateException("found " + page.deliveries().size());
        }
        return page;
    }

    /** What each delivery pays for it in the gateway. */
    @Benchmark
    public Object customerOfADelivery() {
        return CustomerId.of(data);
    }
}
