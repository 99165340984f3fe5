package io.posthaste.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ProcessUsage;
import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.process.RedisServer;
import io.posthaste.config.ConfigLoader;
import io.posthaste.config.GatewayConfig;
import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.RedisJobQueue;
import io.posthaste.redis.RedisConnections;
import io.posthaste.seal.Sealer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * What Redis spends on each step of a delivery, without a gateway: jobs are enqueued, claimed and settled as delivered
 * by turns, through the gateway's own queue, and the CPU time of Redis' main thread is read between the steps.
 */
final class RedisCost {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(30);

    private static final RenderedRequest REQUEST = new RenderedRequest(
            "POST",
            "https://acme.zendesk.com/api/v2/tickets.json",
            List.of(new Header("Content-Type", "application/json")),
            "x".repeat(600).getBytes(UTF_8));

    private final RedisServer server;
    private final Workload workload;
    private final List<String> people;
    private int number;

    /** CPU nanoseconds so far. */
    private record Spent(long enqueue, long claim, long settle) {
        static final Spent NOTHING = new Spent(0, 0, 0);

        Spent plus(long enqueued, long claimed, long settled) {
            return new Spent(enqueue + enqueued, claim + claimed, settle + settled);
        }
    }

    private RedisCost(RedisServer server, Workload workload) {
        this.server = server;
        this.workload = workload;
        this.people = workload.people();
    }

    /**
     * Prints microseconds of Redis CPU per delivery.
     *
     * @param backlog jobs enqueued at a time: up to 256 are leased straight from the inbox, many wait in their lanes
     */
    static void measure(Setup setup, Workload workload, int deliveries, int backlog) {
        try (RedisServer server = RedisServer.start(setup.work(), setup.redis().fsync());
                RedisConnections redis = RedisConnections.open(server.address().uri(), WAIT);
                RedisConnection producer = RedisConnection.open(server.address())) {
            GatewayConfig config = ConfigLoader.load(
                    null, Map.of("POSTHASTE_QUEUE_SETTLE_DELAY", "1ms", "POSTHASTE_QUEUE_LANE_MAX_IN_FLIGHT", "500"));
            RedisJobQueue queue = new RedisJobQueue(
                    redis,
                    QueueSettings.of(config, LONGEST_ATTEMPT),
                    Sealer.of("0".repeat(64), new Random(1)),
                    InstantSource.system(),
                    Schedulers.parallel(),
                    new Random(1),
                    () -> {});
            RedisCost cost = new RedisCost(server, workload);
            cost.turns(queue, producer, Math.min(deliveries, 20_000), backlog);
            producer.call("CONFIG", "RESETSTAT");
            Spent spent = cost.turns(queue, producer, deliveries, backlog);
            print(spent, deliveries, producer);
        } catch (IOException e) {
            throw new LoadException("Redis went away", e);
        }
    }

    private Spent turns(RedisJobQueue queue, RedisConnection producer, int deliveries, int backlog) throws IOException {
        Spent spent = Spent.NOTHING;
        for (int done = 0; done < deliveries; done += backlog) {
            long start = cpu();
            enqueue(producer, Math.min(backlog, deliveries - done));
            spent = spent.plus(cpu() - start, 0, 0);
            while (isLeft(producer)) {
                long before = cpu();
                List<Lease> leases =
                        Objects.requireNonNull(queue.claim(256).block(WAIT)).leases();
                long claimed = cpu();
                Flux.fromIterable(leases)
                        .flatMap(lease -> queue.settle(delivered(lease)), 1_024)
                        .blockLast(WAIT);
                spent = spent.plus(0, claimed - before, cpu() - claimed);
            }
        }
        return spent;
    }

    private void enqueue(RedisConnection producer, int count) throws IOException {
        for (int i = 0; i < count; i++, number++) {
            String id = "cost-%09d".formatted(number);
            byte[] command = RedisConnection.encode(List.of(
                            "XADD",
                            "posthaste:{0}:inbox",
                            "*",
                            "v",
                            "1",
                            "id",
                            id,
                            "action",
                            Workload.actionId(number % workload.actions()),
                            "data",
                            people.get(number % people.size()))
                    .stream()
                    .map(word -> word.getBytes(UTF_8))
                    .toList());
            producer.write(command, command.length);
        }
        for (int i = 0; i < count; i++) {
            producer.read();
        }
    }

    private static boolean isLeft(RedisConnection producer) throws IOException {
        return producer.number("XLEN", "posthaste:{0}:inbox") > 0;
    }

    private static Settlement delivered(Lease lease) {
        return new Settlement(
                lease, new Outcome.Delivered(new Attempt(1, 1_795_417_533_189L, 200, 12, "", ""), REQUEST, false));
    }

    private long cpu() {
        return ProcessUsage.mainThreadNanos(server.process().pid());
    }

    private static void print(Spent spent, int deliveries, RedisConnection producer) throws IOException {
        System.out.printf(
                "Redis CPU per delivery: enqueue %.1f us, claim %.1f us, settle %.1f us%n",
                spent.enqueue() / 1e3 / deliveries,
                spent.claim() / 1e3 / deliveries,
                spent.settle() / 1e3 / deliveries);
        System.out.println("of which by its own clock, us and calls per delivery:");
        Map<Double, String> lines = new TreeMap<>(Comparator.reverseOrder());
        producer.info("commandstats").forEach((command, stats) -> {
            double calls = Double.parseDouble(stats.replaceAll("calls=(\\d+).*", "$1"));
            double micros = Double.parseDouble(stats.replaceAll(".*,usec=(\\d+).*", "$1"));
            lines.put(
                    micros,
                    "  %-12s %6.2f us %8.3f"
                            .formatted(command.replace("cmdstat_", ""), micros / deliveries, calls / deliveries));
        });
        lines.values().stream().limit(14).forEach(System.out::println);
    }
}
