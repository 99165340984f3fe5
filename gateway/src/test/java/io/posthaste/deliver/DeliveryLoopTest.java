package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthaste.job.Settlement;
import io.posthaste.queue.Assignment;
import io.posthaste.queue.Assignment.Duty;
import io.posthaste.queue.Claim;
import io.posthaste.queue.JobQueue;
import io.posthaste.queue.JobQueues;
import io.posthaste.queue.Settled;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** How often shards are asked, by loops with nothing to deliver. */
class DeliveryLoopTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration IDLE_POLL = Duration.ofMillis(40);

    @AutoClose
    private final OnePath path = new OnePath();

    @Test
    void eachRingOfTheDoorbellIsOneClaimAndNoMoreEverAfter() {
        Empty queue = new Empty(200);
        DeliveryLoop loop = loop(new JobQueues(Map.of("0", queue), () -> Assignment.ALONE));
        loop.start();
        await().atMost(WAIT).until(() -> queue.rings.get() == 0);

        int before = queue.claims.get();
        await().atMost(WAIT).until(() -> queue.claims.get() >= before + 5);
        long from = System.nanoTime();
        int counted = queue.claims.get();
        await().atMost(WAIT).until(() -> queue.claims.get() >= counted + 5);

        // Five of them, 200 ms apart. A busy machine makes it longer, never shorter.
        assertThat(System.nanoTime() - from).isGreaterThan(IDLE_POLL.toNanos() * 5 * 2);
        loop.stop(Duration.ZERO);
    }

    @Test
    void shardsOfOthersAreLookedIntoAndNotPolled() {
        Map<String, Empty> shards = new LinkedHashMap<>();
        List<String> tags =
                IntStream.range(0, 8).mapToObj(shard -> shard + "-0").toList();
        tags.forEach(tag -> shards.put(tag, new Empty(0)));
        Assignment one = Assignment.of("one", List.of("one", "two", "three"), tags);
        DeliveryLoop loop = loop(new JobQueues(shards, () -> one));
        loop.start();

        await().atMost(WAIT)
                .until(() -> shards.entrySet().stream()
                        .filter(shard -> one.duty(shard.getKey()) == Duty.LOOKS_IN)
                        .allMatch(shard -> shard.getValue().claims.get() >= 2));
        shards.forEach((tag, shard) -> {
            if (one.duty(tag) == Duty.POLLS) {
                assertThat(shard.claims).hasValueGreaterThan(4);
            } else {
                assertThat(shard.claims).hasValueLessThan(30);
            }
        });
        loop.stop(Duration.ZERO);
    }

    private DeliveryLoop loop(JobQueues queues) {
        return new DeliveryLoop(
                queues,
                path.pipeline,
                Runnable::run,
                new Progress(System::nanoTime, Duration.ofSeconds(5)),
                new DeliveryLoop.Settings(100, 1 << 20, 1 << 20, 100, IDLE_POLL, 5));
    }

    /** Never has anything, and rings so often that it has. */
    private static final class Empty implements JobQueue {
        final AtomicInteger claims = new AtomicInteger();
        final AtomicInteger rings;

        Empty(int rings) {
            this.rings = new AtomicInteger(rings);
        }

        @Override
        public Mono<Claim> claim(int max, long maxBytes, Map<String, Integer> laneLimits) {
            return Mono.fromSupplier(() -> {
                claims.incrementAndGet();
                return new Claim(List.of(), Duration.ofHours(1));
            });
        }

        @Override
        public Mono<Void> doorbell() {
            return rings.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? Mono.empty() : Mono.never();
        }

        @Override
        public Mono<Void> lengthen(String lane, Duration attempt) {
            return Mono.empty();
        }

        @Override
        public Mono<Settled> settle(Settlement settlement) {
            return Mono.empty();
        }

        @Override
        public int unsettled() {
            return 0;
        }
    }
}
