package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.lettuce.core.RedisCommandExecutionException;
import io.posthaste.job.Lease;
import io.posthaste.job.Settlement;
import io.posthaste.queue.browse.Deliveries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class QueueFaultsIT {
    @AutoClose
    private final RedisShard shard = RedisShard.start("--appendfsync", "always");

    @Test
    void scriptsThatRedisForgotAreLoadedAgain() {
        shard.enqueue("j1", "crm");
        Lease lease = shard.claim(1).getFirst();
        shard.redis.scriptFlush();

        assertThat(shard.settle(lease, RedisShard.delivered(lease))).isTrue();
        shard.enqueue("j2", "crm");
        shard.redis.scriptFlush();
        assertThat(shard.claim(1)).hasSize(1);
    }

    @Test
    void whatAClaimTookWhoseReplyWasLostIsThereAgainAtOnce() {
        for (int i = 0; i < 20; i++) {
            shard.enqueue("j" + i, "crm");
        }
        shard.claim(5).forEach(lease -> shard.settle(lease, RedisShard.retry(lease, Duration.ZERO)));
        List<Lease> known = shard.claim(2);
        shard.server.pause();
        assertThatThrownBy(() -> shard.queue.claim(10).block(RedisShard.WAIT)).isNotNull();
        shard.server.resume();

        // The lost claim is served as soon as Redis goes on, before or after the next one; its leases last 30 s.
        List<Lease> leases = shard.awaitLeases(18);

        assertThat(leases)
                .doesNotHaveDuplicates()
                .extracting(lease -> lease.job().id())
                .doesNotHaveDuplicates();
        assertThat(known).allMatch(lease -> shard.settle(lease, RedisShard.delivered(lease)));
        assertThat(leases).allMatch(lease -> shard.settle(lease, RedisShard.delivered(lease)));
        assertThat(leases).allMatch(lease -> lease.past().reclaims() == 0);
    }

    @Test
    void whatOthersWriteOfAClaimStopsNone() {
        shard.enqueue("first", "crm");
        assertThat(shard.claim(1)).hasSize(1);
        String key = shard.redis.keys(shard.keys.claim("*")).getFirst();

        for (String text : List.of("99999999999999999999 1", "7".repeat(100_000), "", "-1 -1", "x")) {
            shard.redis.set(key, text);
            shard.enqueue("after-" + text.length(), "crm");
            assertThat(shard.awaitLeases(1)).hasSize(1);
        }
        shard.redis.del(key);
        shard.redis.lpush(key, "a", "list");
        shard.enqueue("last", "crm");
        assertThat(shard.awaitLeases(1)).hasSize(1);
    }

    @Test
    void settlementsOutlastARestartOfRedis() {
        shard.queue(RedisShard.settings(Duration.ofSeconds(30), 1_000));
        for (int i = 0; i < 200; i++) {
            shard.enqueue("j" + i, "crm");
        }
        List<Lease> leases = shard.claim(256);
        shard.server.kill();
        List<Mono<Settled>> settled = new ArrayList<>();
        for (Lease lease : leases) {
            settled.add(shard.queue
                    .settle(new Settlement(lease, RedisShard.delivered(lease)))
                    .cache());
        }
        settled.forEach(answer -> answer.subscribe());
        assertThat(shard.queue.unsettled()).isEqualTo(200);

        shard.server.restart();

        for (Mono<Settled> answer : settled) {
            assertThat(answer.block(RedisShard.WAIT)).isEqualTo(Settled.APPLIED);
        }
        assertThat(shard.queue.unsettled()).isZero();
        assertThat(shard.redis.exists(shard.keys.ids(), shard.keys.leased())).isZero();
    }

    @Test
    void aClaimWithoutRedisFailsAndWorksAgainAfterwards() {
        shard.enqueue("j1", "crm");
        shard.server.kill();

        assertThatThrownBy(() -> shard.claim(1)).isInstanceOf(RuntimeException.class);

        shard.server.restart();
        Awaitility.await()
                .atMost(RedisShard.WAIT)
                .ignoreExceptions()
                .until(() -> shard.claim(1).size() == 1);
    }

    @Test
    void theDoorbellIsLostWithRedisAndRingsAgainAfterwards() {
        shard.claim(1);
        StepVerifier.create(shard.queue.doorbell())
                .then(shard.server::kill)
                .expectError()
                .verify(RedisShard.WAIT);

        shard.server.restart();
        Awaitility.await().atMost(RedisShard.WAIT).ignoreExceptions().until(() -> shard.enqueue("j1", "crm") != null);
        Awaitility.await().atMost(RedisShard.WAIT).ignoreExceptions().until(() -> {
            shard.queue.doorbell().block(RedisShard.WAIT);
            return true;
        });
        assertThat(shard.claim(1)).hasSize(1);
    }

    @Test
    void aFullRedisRefusesJobsButDeliversThoseItHas() {
        for (int i = 0; i < 50; i++) {
            shard.enqueue("j" + i, "crm");
        }
        shard.redis.configSet("maxmemory", "1");

        assertThatThrownBy(() -> shard.enqueue("more", "crm"))
                .isInstanceOf(RedisCommandExecutionException.class)
                .hasMessageContaining("OOM");
        List<Lease> leases = shard.claim(100);
        assertThat(leases).hasSize(50);
        leases.forEach(lease ->
                assertThat(shard.settle(lease, RedisShard.delivered(lease))).isTrue());
        assertThat(shard.redis.xlen(shard.keys.inbox())).isZero();
    }

    @Test
    void aJobThatKillsItsWorkersEndsAsACrashLoop() {
        shard.queue(RedisShard.settings(Duration.ofMillis(1), 100));
        shard.enqueue("poison", "crm");
        Awaitility.await()
                .atMost(RedisShard.WAIT)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    shard.claim(10);
                    // The spread of reclaimed jobs is up to 5 s; the test does not wait for it.
                    shard.redis
                            .zrange(shard.keys.due("crm"), 0, -1)
                            .forEach(entry -> shard.redis.zadd(shard.keys.due("crm"), 1, entry));
                    shard.redis
                            .zrange(shard.keys.wake(), 0, -1)
                            .forEach(lane -> shard.redis.zadd(shard.keys.wake(), 1, lane));
                    return shard.redis.zcard(shard.keys.failed()) == 1;
                });

        assertThat(shard.results()).containsExactly("failed poison 0 0 crash-loop");
        assertThat(RedisShard.get(shard.deliveries.redrive(List.of("poison")))).isEqualTo(1);
    }

    @Test
    void aBodyThatSaysNothingGoesToTheQuarantineAlone() {
        shard.enqueue("broken", "crm");
        shard.enqueue("whole", "crm");
        shard.claim(2).forEach(lease -> shard.settle(lease, RedisShard.retry(lease, Duration.ZERO)));
        String entry = shard.redis.hget(shard.keys.ids(), "broken");
        shard.redis.hset(shard.keys.parked(), entry, "garbage");

        assertThat(shard.awaitLeases(1)).extracting(lease -> lease.job().id()).containsExactly("whole");
        assertThat(shard.redis.hget(shard.keys.busy(), "crm")).isEqualTo("1");
        assertThat(RedisShard.get(shard.deliveries.quarantine(null, 10)))
                .extracting(
                        Deliveries.Quarantined::entry, Deliveries.Quarantined::reason, Deliveries.Quarantined::fields)
                .containsExactly(tuple(entry, "body damaged", List.of("garbage")));
    }

    @Test
    void aBodyOfWhichOnlyThePartsAreDamagedFailsAloneWithItsReason() {
        shard.enqueue("broken", "crm");
        shard.enqueue("whole", "crm");
        shard.claim(2).forEach(lease -> shard.settle(lease, RedisShard.retry(lease, Duration.ZERO)));
        String entry = shard.redis.hget(shard.keys.ids(), "broken");
        shard.redis.hset(shard.keys.parked(), entry, "\u0001\u0006broken\u0003crm\0\0\0\u0000");

        assertThat(shard.awaitLeases(1)).extracting(lease -> lease.job().id()).containsExactly("whole");
        Awaitility.await().atMost(RedisShard.WAIT).until(() -> shard.redis.zcard(shard.keys.failed()) == 1);
        assertThat(shard.redis.hget(shard.keys.busy(), "crm")).isEqualTo("1");
    }

    @Test
    void aFloodedLaneWaitsBehindItself() {
        shard.queue(RedisShard.settings(Duration.ofSeconds(30), 10_000));
        for (int i = 0; i < 3_000; i++) {
            shard.enqueue("flood-" + i, "flood");
        }
        for (int i = 0; i < 40; i++) {
            shard.enqueue("quiet-" + i, "quiet");
        }
        // Entries younger than 50 ms count as no backlog; these are older by the time the inbox is sorted.
        Awaitility.await().pollDelay(Duration.ofMillis(60)).until(() -> true);

        long quiet = 0;
        for (int i = 0; i < 8; i++) {
            quiet += shard.claim(64).stream()
                    .filter(lease -> lease.job().lane().equals("quiet"))
                    .count();
        }

        assertThat(quiet).isEqualTo(40);
    }
}
