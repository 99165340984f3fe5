package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthaste.job.Lease;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.upkeep.QueueUpkeep;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

/** Somebody else writes to the engine's keys: what they hit is put out of the way, everything else goes on. */
class KeyDamageIT {
    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    private static final String LANE = "crm";

    @BeforeEach
    void clear() {
        shard.clear();
        shard.queue(RedisShard.settings());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inbox",
                "ids",
                "leased",
                "busy",
                "ready",
                "wake",
                "lane-limits",
                "lane-rates",
                "parked",
                "state",
                "parked-at",
                "cancelling",
                "failed",
                "drafts",
                "results",
                "meta",
                "stats",
                "sent",
                "closed",
                "quarantine",
                "due:crm",
                "due:other",
                "reports"
            })
    void aKeyThatIsNotOfItsTypeIsSetAsideAndTheWorkGoesOn(String name) {
        shard.enqueue("before", LANE);
        Lease before = shard.claim(1).getFirst();
        String key = shard.keys.prefix() + name;
        shard.redis.del(key);
        if (name.equals("ready") || name.equals("parked-at")) {
            shard.redis.set(key, "somebody else's");
        } else {
            shard.redis.sadd(key, "somebody else's");
        }

        if (name.equals("inbox")) {
            shard.claim(1);
        }
        shard.enqueue("due", LANE);
        Lease due = shard.awaitLeases(1).getFirst();
        assertThat(due.job().id()).isEqualTo("due");
        assertThat(shard.settled(due, RedisShard.retry(due, Duration.ZERO))).isEqualTo(Settled.APPLIED);
        assertThat(shard.awaitLeases(1).getFirst().job().id()).isEqualTo("due");
        shard.settled(before, RedisShard.delivered(before));
        RedisShard.get(
                new QueueUpkeep(shard.connections, RedisShard.settings(), () -> true, Schedulers.parallel()).once());

        assertThat(shard.redis.type(key)).isNotIn("set", "string");
        if (shard.redis.exists(shard.keys.prefix() + "damaged:" + name) == 0) {
            assertThat(name).isIn("due:other", "reports");
        }
        shard.enqueue("after", "other");
        assertThat(shard.awaitLeases(1).getFirst().job().id()).isEqualTo("after");
    }

    @Test
    void theQuarantineNamesTheKey() {
        shard.redis.lpush(shard.keys.due(LANE), "somebody else's");
        shard.enqueue("j1", LANE);
        Lease lease = shard.claim(1).getFirst();
        shard.settle(lease, RedisShard.retry(lease, Duration.ZERO));

        assertThat(RedisShard.get(shard.deliveries.quarantine(null, 10)).getFirst())
                .extracting(
                        Deliveries.Quarantined::entry, Deliveries.Quarantined::reason, Deliveries.Quarantined::fields)
                .containsExactly(
                        "due:crm", "key is not of its type", List.of("kept as", "damaged:due:crm", "type", "list"));
    }

    @ParameterizedTest
    @CsvSource({
        "leased, zadd",
        "due:crm, zadd",
        "ready, zadd",
        "wake, zadd",
        "failed, zadd",
        "drafts, zadd",
        "parked-at, zadd",
        "known-buckets, zadd",
        "tally-buckets, zadd",
        "operations-running, zadd",
    })
    void aMemberThatIsNoEntryStopsNothing(String name, String command) {
        for (double score : new double[] {Double.NEGATIVE_INFINITY, 0, 1e18, Double.POSITIVE_INFINITY}) {
            shard.redis.zadd(shard.keys.prefix() + name, score, "text " + score);
        }
        goesOn();
    }

    @ParameterizedTest
    @CsvSource({
        "meta, clock",
        "meta, virtual",
        "meta, cursor",
        "meta, ahead",
        "meta, righted",
        "meta, reports",
        "meta, sent",
        "meta, sent-blocks",
        "meta, closed",
        "meta, request-bytes",
        "meta, requests-first",
        "meta, rescan",
        "busy, crm",
        "lane-limits, crm",
        "lane-rates, crm",
        "stats, claimed",
        "stats, sent",
        "ids, j9",
    })
    void aFieldThatSaysAnythingStopsNothing(String key, String field) {
        shard.enqueue("first", LANE);
        Lease first = shard.claim(1).getFirst();
        for (String value :
                List.of("", "text", "-1", "1e300", "nan", "inf", "0x7f", "99999999999999999999", "7-", "\u0000")) {
            shard.redis.hset(shard.keys.prefix() + key, field, value);
            goesOn();
        }
        shard.settle(first, RedisShard.delivered(first));
        assertThat(shard.redis.hget(shard.keys.ids(), "first")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0001",
                "\u0001\u0002",
                "\u0001\u00ff",
                "text",
                "\u0001\u0001a\u0001b\u007f\u007f\u007f\u007f"
            })
    void aBodyOrAStateThatSaysNothingStopsNoOther(String value) {
        shard.queue(RedisShard.settings(Duration.ofMillis(50), 100));
        for (String id : List.of("leased", "waiting")) {
            shard.enqueue(id, LANE);
            Lease lease = shard.claim(1).getFirst();
            shard.redis.hset(shard.keys.parked(), lease.hold().entry(), value);
            shard.redis.hset(shard.keys.state(), lease.hold().entry(), value);
            if (id.equals("waiting")) {
                shard.settle(lease, RedisShard.retry(lease, Duration.ZERO));
            }
        }
        await().atMost(RedisShard.WAIT).until(() -> {
            goesOn();
            return shard.redis.zcard(shard.keys.leased()) == 0;
        });
        RedisShard.get(
                new QueueUpkeep(shard.connections, RedisShard.settings(), () -> true, Schedulers.parallel()).once());
        goesOn();
    }

    @Test
    void jobsWhoseSetsWereLostAreFoundByTheirIds() {
        for (int i = 0; i < 300; i++) {
            shard.enqueue("j" + i, LANE);
        }
        List<Lease> leases = shard.claim(100);
        shard.claim(1);
        leases.subList(0, 50).forEach(lease -> shard.settle(lease, RedisShard.retry(lease, Duration.ofHours(1))));
        shard.redis.del(shard.keys.due(LANE), shard.keys.leased(), shard.keys.wake(), shard.keys.ready());
        QueueUpkeep upkeep =
                new QueueUpkeep(shard.connections, RedisShard.settings(), () -> true, Schedulers.parallel());

        upkeep.soon();

        List<String> found = new java.util.ArrayList<>();
        await().atMost(RedisShard.WAIT).until(() -> {
            shard.claim(100).forEach(lease -> {
                found.add(lease.job().id());
                shard.settle(lease, RedisShard.delivered(lease));
            });
            return found.size() >= 300;
        });
        assertThat(found).doesNotHaveDuplicates();
        upkeep.close();
    }

    @Test
    void anInboxWhosePlaceIsLostIsReadAnewWithoutTakingAnythingTwice() {
        for (int i = 0; i < 50; i++) {
            shard.enqueue("j" + i, LANE);
        }
        List<Lease> leases = shard.claim(10);
        shard.redis.hset(shard.keys.meta(), "cursor", "99999999999999-0");
        shard.enqueue("late", LANE);

        leases.forEach(lease -> shard.settle(lease, RedisShard.delivered(lease)));
        List<Lease> rest = shard.awaitLeases(41);

        assertThat(rest)
                .extracting(lease -> lease.job().id())
                .doesNotHaveDuplicates()
                .contains("late");
        assertThat(shard.claim(10)).isEmpty();
    }

    /** A job that is retried once gets through beside whatever is wrong. */
    private static void goesOn() {
        String id = "good-" + System.nanoTime();
        shard.enqueue(id, LANE);
        Lease lease = lease(id);
        assertThat(shard.settled(lease, RedisShard.retry(lease, Duration.ZERO))).isEqualTo(Settled.APPLIED);
        Lease again = lease(id);
        assertThat(shard.settled(again, RedisShard.delivered(again))).isEqualTo(Settled.APPLIED);
    }

    private static Lease lease(String id) {
        return await().atMost(RedisShard.WAIT)
                .pollInterval(Duration.ofMillis(2))
                .until(
                        () -> shard.claim(10).stream()
                                .filter(lease -> lease.job().id().equals(id))
                                .findAny()
                                .orElse(null),
                        found -> found != null);
    }
}
