package io.posthaste.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisJobQueueIT {
    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    @BeforeEach
    void clear() {
        shard.clear();
        shard.queue(RedisShard.settings());
    }

    @Test
    void aJobIsLeasedAsItWasEnqueued() {
        shard.enqueue("j1", "crm", "key", "order-7", "results", "final");

        Lease lease = shard.claim(10).getFirst();

        Job job = lease.job();
        assertThat(job.id()).isEqualTo("j1");
        assertThat(job.lane()).isEqualTo("crm");
        assertThat(job.action()).isEqualTo("crm");
        assertThat(job.key()).isEqualTo("order-7");
        assertThat(job.terms().results()).isEqualTo(Job.Results.FINAL);
        assertThat(new String(job.data(), UTF_8)).isEqualTo("{\"customer\":{\"id\":\"j1\"}}");
        assertThat(lease.past().attempts()).isZero();
        assertThat(lease.frozen()).isNull();
        assertThat(shard.claim(10)).isEmpty();
    }

    @Test
    void anInlineRequestQueuesInTheLaneItNames() {
        shard.add(Map.of("v", "1", "id", "j1", "request", "{\"url\":\"x\"}", "lane", "bulk", "data", "{}"));

        Job job = shard.claim(1).getFirst().job();

        assertThat(job.action()).isNull();
        assertThat(job.lane()).isEqualTo("bulk");
        assertThat(new String(Objects.requireNonNull(job.request()).definition(), UTF_8))
                .isEqualTo("{\"url\":\"x\"}");
    }

    @Test
    void aDeliveredJobLeavesNothingButItsHistoryItsRequestAndItsResult() {
        shard.enqueue("j1", "crm");
        Lease lease = shard.claim(1).getFirst();

        assertThat(shard.settle(lease, RedisShard.delivered(lease))).isTrue();

        assertThat(shard.results()).containsExactly("sent j1 1 200");
        assertThat(shard.redis.keys("*"))
                .as("and what its claim gave, for eleven minutes")
                .filteredOn(key -> !key.startsWith(shard.keys.claim("")))
                .containsExactlyInAnyOrder(
                        shard.keys.inbox(),
                        shard.keys.results(),
                        shard.keys.meta(),
                        shard.keys.stats(),
                        shard.keys.history("sent"),
                        shard.keys.requests("0"));
        assertThat(shard.redis.xlen(shard.keys.inbox())).isZero();
    }

    @Test
    void aFullRedisTakesASettlementAndKeepsNoRequest() {
        shard.enqueue("j1", "crm");
        Lease lease = shard.claim(1).getFirst();
        shard.redis.configSet("maxmemory", "1");
        try {
            assertThat(shard.settle(lease, RedisShard.delivered(lease))).isTrue();
        } finally {
            shard.redis.configSet("maxmemory", "0");
        }

        assertThat(shard.results()).containsExactly("sent j1 1 200");
        assertThat(shard.redis.keys(shard.keys.requests("*"))).isEmpty();
    }

    @Test
    void theOldestRequestsGoWhenTheirMemoryIsUsedUp() {
        for (int i = 0; i < 30; i++) {
            shard.enqueue("j" + i, "crm");
            Lease lease = shard.claim(1).getFirst();
            assertThat(shard.settle(lease, RedisShard.delivered(lease, "x".repeat(60_000))))
                    .isTrue();
        }

        assertThat(shard.redis.exists(shard.keys.requests("0"))).isZero();
        assertThat(shard.redis.strlen(shard.keys.requests("29"))).isGreaterThan(60_000);
        // A MiB holds seventeen of them.
        assertThat(shard.redis.keys(shard.keys.requests("*"))).hasSize(17);
        assertThat(Long.parseLong(shard.redis.hget(shard.keys.meta(), "request-bytes")))
                .isLessThan(1 << 20);
    }

    @Test
    void aRetryComesBackWhenItIsDueWithTheFrozenRequest() {
        shard.enqueue("j1", "crm");
        Lease first = shard.claim(1).getFirst();
        assertThat(shard.settle(first, RedisShard.retry(first, Duration.ofMillis(60))))
                .isTrue();

        assertThat(shard.claim(1)).isEmpty();
        assertThat(shard.redis.xlen(shard.keys.inbox())).isZero();
        Lease second = shard.awaitLeases(1).getFirst();

        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.past().firstAttemptAtMillis()).isPositive();
        assertThat(second.job()).usingRecursiveComparison().isEqualTo(first.job());
        assertThat(second.frozen()).usingRecursiveComparison().isEqualTo(RedisShard.request("j1"));
        assertThat(shard.results()).containsExactly("attempted j1 1 503 HTTP 503");
    }

    @Test
    void theSameIdIsDroppedWhileTheFirstIsAlive() {
        shard.enqueue("j1", "crm");
        shard.enqueue("j1", "crm");
        Lease lease = shard.claim(10).getFirst();
        shard.enqueue("j1", "crm");

        assertThat(shard.claim(10)).isEmpty();
        assertThat(shard.stat("duplicates")).isEqualTo("2");

        shard.settle(lease, RedisShard.delivered(lease));
        shard.enqueue("j1", "crm");
        assertThat(shard.claim(10)).hasSize(1);
    }

    @Test
    void aReleasedJobComesBackWithoutCountingAnAttempt() {
        shard.enqueue("j1", "crm");
        Lease first = shard.claim(1).getFirst();

        shard.settle(first, new Outcome.Released(Duration.ZERO));

        assertThat(shard.awaitLeases(1).getFirst().past().attempts()).isZero();
        assertThat(shard.results()).isEmpty();
    }

    @Test
    void everyEndShowsOnTheResultsStream() {
        for (String id : List.of("failed", "aborted", "skipped", "drafted")) {
            shard.enqueue(id, "crm");
        }

        for (Lease lease : shard.claim(10)) {
            shard.settle(
                    lease,
                    switch (lease.job().id()) {
                        case "failed" -> RedisShard.failed(lease);
                        case "aborted" -> new Outcome.Aborted("no e-mail");
                        case "skipped" -> new Outcome.Skipped();
                        default -> new Outcome.Drafted(RedisShard.request("draft"), false);
                    });
        }

        assertThat(shard.results())
                .containsExactly(
                        "failed failed 1 503 HTTP 404",
                        "aborted aborted 0 0 no e-mail",
                        "skipped skipped 0 0 action is off",
                        "drafted drafted 0 0");
        assertThat(shard.redis.zcard(shard.keys.failed())).isEqualTo(1);
        assertThat(shard.redis.zcard(shard.keys.drafts())).isEqualTo(1);
        assertThat(shard.redis.hgetall(shard.keys.busy())).isEmpty();
    }

    @Test
    void aJobForLaterWaitsUntilThen() {
        long at = System.currentTimeMillis() + 150;
        shard.enqueue("j1", "crm", "at", Long.toString(at));

        Claim early = shard.claimed(10);

        assertThat(early.leases()).isEmpty();
        assertThat(early.idleFor()).isPositive();
        shard.awaitLeases(1);
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(at);
    }

    @Test
    void aJobForMuchLaterLeavesTheInboxAtOnce() {
        shard.enqueue("j1", "crm", "at", Long.toString(System.currentTimeMillis() + 3_600_000));

        assertThat(shard.claim(10)).isEmpty();

        assertThat(shard.redis.xlen(shard.keys.inbox())).isZero();
        assertThat(shard.redis.hlen(shard.keys.parked())).isEqualTo(1);
    }

    @Test
    void aLaneTakesNoMoreThanItsLimitUntilSlotsAreFreed() {
        shard.queue(RedisShard.settings(Duration.ofSeconds(30), 3));
        for (int i = 0; i < 10; i++) {
            shard.enqueue("j" + i, "crm");
        }

        List<Lease> first = shard.claim(10);
        assertThat(first).hasSize(3);
        assertThat(shard.claim(10)).isEmpty();

        first.forEach(lease -> shard.settle(lease, RedisShard.delivered(lease)));
        assertThat(shard.claim(10)).extracting(lease -> lease.job().id()).containsExactly("j3", "j4", "j5");
    }

    @Test
    void theDoorbellRingsForWhatNoClaimHasTakenIn() {
        shard.enqueue("taken", "crm");
        shard.claim(1);
        AtomicInteger rings = new AtomicInteger();

        shard.queue.doorbell().doOnTerminate(rings::incrementAndGet).subscribe();
        await().until(() -> shard.redis.info("clients").contains("blocked_clients:1"));
        assertThat(rings).hasValue(0);
        shard.enqueue("fresh", "crm");
        // Well before it would stop waiting by itself.
        await().atMost(Duration.ofMillis(1_500)).until(() -> rings.get() == 1);

        // It is a level, not an edge: what was there before it was asked rings as well.
        shard.queue.doorbell().block(Duration.ofMillis(1_500));
        assertThat(shard.redis.xlen(shard.keys.inbox())).isEqualTo(2);
    }

    @Test
    void aClaimTakesNoMoreOfALaneThanItIsTold() {
        for (int i = 0; i < 10; i++) {
            shard.enqueue("held-" + i, "held");
            shard.enqueue("free-" + i, "free");
        }
        Map<String, Integer> few = Map.of("held", 2);
        Map<String, Integer> none = Map.of("held", 0);

        assertThat(lanes(few)).containsOnly(entry("held", 2L), entry("free", 10L));
        assertThat(lanes(none)).isEmpty();
        assertThat(shard.awaitLeases(8)).allMatch(lease -> lease.job().lane().equals("held"));
    }

    private static Map<String, Long> lanes(Map<String, Integer> limits) {
        return RedisShard.get(shard.queue.claim(100, Long.MAX_VALUE, limits)).leases().stream()
                .collect(Collectors.groupingBy(lease -> lease.job().lane(), Collectors.counting()));
    }

    @Test
    void anIdleClaimWritesNothing() {
        shard.enqueue("j1", "crm");
        shard.enqueue("later", "crm", "at", Long.toString(System.currentTimeMillis() + 3_600_000));
        shard.claim(10);
        String before = changes();

        shard.claim(10);
        shard.claim(10);

        assertThat(changes()).isEqualTo(before);
    }

    private static String changes() {
        return shard.redis
                .info("persistence")
                .lines()
                .filter(line -> line.startsWith("rdb_changes_since_last_save"))
                .findFirst()
                .orElseThrow();
    }
}
