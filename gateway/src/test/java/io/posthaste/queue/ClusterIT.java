package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisException;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Lease;
import io.posthaste.job.Settlement;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Deliveries.NewJob;
import io.posthaste.queue.browse.RedisDeliveries;
import io.posthaste.redis.Keyspace;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.StartupChecks;
import io.posthaste.testing.RedisCluster;
import io.posthaste.testing.RedisServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** The queue on a real cluster of three primaries, each with a replica. */
class ClusterIT {
    private static final RedisKeys KEYS = new RedisKeys(QueueSettings.SINGLE_SHARD);
    private static final Duration WAIT = Duration.ofSeconds(30);

    private static RedisCluster cluster;
    private static RedisConnections redis;
    private static RedisJobQueue queue;
    private static Deliveries deliveries;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
        redis = RedisConnections.open(cluster.uri(), Duration.ofSeconds(2));
        Keyspace.open(redis, 1);
        queue = new RedisJobQueue(
                redis,
                RedisShard.settings(),
                RedisShard.SEALER,
                InstantSource.system(),
                Schedulers.parallel(),
                new Random(7),
                () -> {});
        deliveries = new RedisDeliveries(redis, RedisShard.settings(), RedisShard.SEALER);
    }

    @AfterAll
    static void stop() {
        redis.close();
        cluster.close();
    }

    @BeforeEach
    void everyPrimaryHasItsReplica() {
        cluster.awaitWhole();
    }

    @Test
    void oneAddressIsEnoughToFindTheOthers() {
        String one = cluster.uri().substring(0, cluster.uri().indexOf(','));
        try (RedisConnections other = RedisConnections.open(one, Duration.ofSeconds(2))) {
            assertThat(other.isCluster()).isTrue();
            assertThat(Keyspace.open(other, 0).all()).containsExactly(KEYS);
        }
    }

    @Test
    void aUserWithTheRightsThatTheDocsNameIsEnough() {
        // Word for word as docs/security.md has it.
        cluster.everywhere("ACL SETUSER gateway on >geheim ~posthaste:* -@all +@read +@write +@scripting +@connection"
                + " +time +info +cluster|nodes");
        String uri = cluster.uri().replace("redis://", "redis://gateway:geheim@");
        try (RedisConnections own = RedisConnections.open(uri, Duration.ofSeconds(2))) {
            Keyspace.open(own, 0);
            assertThat(StartupChecks.of(own)).isNotEmpty();
            assertThat(new RedisDeliveries(own, RedisShard.settings(), RedisShard.SEALER)
                            .depth()
                            .block(WAIT))
                    .isNotNull();
        }
    }

    @Test
    void aJobGoesItsWay() {
        enqueue("way", 3);

        assertThat(deliverAll(3)).containsExactly("way-0", "way-1", "way-2");

        assertThat(Objects.requireNonNull(deliveries.find("way-1").block(WAIT)).state())
                .isEqualTo(DeliveryState.SENT);
        assertThat(Objects.requireNonNull(deliveries.depth().block(WAIT))
                        .totals()
                        .leased())
                .isZero();
    }

    @Test
    void scriptsAreRefusedWhileTheirSlotMovesAndEverythingIsThereAfterwards() {
        String elsewhere = keyOfAnotherServer();
        enqueue("before", 20);
        List<Lease> held = claim(10);
        RedisCluster.Move move = cluster.move(KEYS.inbox(), elsewhere);
        assertThatThrownBy(() -> queue.claim(5).block(WAIT)).isInstanceOf(RedisException.class);
        move.keys(3);
        assertThatThrownBy(() -> queue.claim(5).block(WAIT))
                .isInstanceOf(RedisException.class)
                .hasMessageContaining("TRYAGAIN");
        enqueue("meanwhile", 5);
        move.finish();

        held.forEach(ClusterIT::settle);
        Set<String> rest = deliverAll(15);

        assertThat(held).hasSize(10);
        assertThat(rest).hasSize(15).contains("meanwhile-4");
        assertThat(cluster.primaryOf(KEYS.inbox())).isEqualTo(cluster.primaryOf(elsewhere));
    }

    @Test
    void aReplicaGoesOnWhenItsPrimaryIsKilled() {
        RedisServer primary = cluster.primaryOf(KEYS.inbox());
        enqueue("killed", 100);
        List<Lease> held = claim(30);
        assertThat(cluster.replicasOf(KEYS)).isEqualTo(1);
        primary.kill();

        held.forEach(ClusterIT::settle);
        Set<String> rest = deliverAll(70);

        assertThat(rest).hasSize(70);
        assertThat(cluster.primaryOf(KEYS.inbox())).isNotEqualTo(primary);
        primary.restart();
    }

    @Test
    void aReplicaGoesOnWhenItsPrimaryHangsAndWhatItHadIsForgottenWhenItWakes() {
        RedisServer primary = cluster.primaryOf(KEYS.inbox());
        enqueue("hangs", 40);
        List<Lease> held = claim(10);
        assertThat(cluster.replicasOf(KEYS)).isEqualTo(1);
        primary.pause();

        held.forEach(ClusterIT::settle);
        Set<String> rest = deliverAll(30);
        primary.resume();
        cluster.awaitWhole();
        enqueue("awake", 5);

        assertThat(rest).hasSize(30);
        assertThat(deliverAll(5)).hasSize(5);
    }

    private static String keyOfAnotherServer() {
        RedisServer here = cluster.primaryOf(KEYS.inbox());
        return IntStream.range(0, 1_000)
                .mapToObj(number -> "elsewhere" + number)
                .filter(key -> !cluster.primaryOf(key).equals(here))
                .findFirst()
                .orElseThrow();
    }

    private static void enqueue(String name, int jobs) {
        List<NewJob> all = IntStream.range(0, jobs)
                .mapToObj(number -> NewJob.of(name + "-" + number, "crm", "{\"customer\":{\"id\":\"1\"}}"))
                .toList();
        deliveries.enqueue(all).block(WAIT);
    }

    /** Claims until there are so many; what fails meanwhile is tried again. */
    private static List<Lease> claim(int jobs) {
        List<Lease> leases = new ArrayList<>();
        Awaitility.await().atMost(WAIT).pollInterval(Duration.ofMillis(20)).until(() -> {
            leases.addAll(queue.claim(jobs - leases.size())
                    .map(Claim::leases)
                    .onErrorReturn(List.of())
                    .block(WAIT));
            return leases.size() == jobs;
        });
        return leases;
    }

    private static Set<String> deliverAll(int jobs) {
        Set<String> ids = new TreeSet<>();
        claim(jobs).forEach(lease -> {
            ids.add(lease.job().id());
            settle(lease);
        });
        return ids;
    }

    private static void settle(Lease lease) {
        Settled settled =
                queue.settle(new Settlement(lease, RedisShard.delivered(lease))).block(WAIT);
        assertThat(settled).isEqualTo(Settled.APPLIED);
    }
}
