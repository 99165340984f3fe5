package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.posthaste.action.Action;
import io.posthaste.action.LaneLimits;
import io.posthaste.job.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a lease lasts, and what happens when it ends before its holder is done. */
class LeasesIT {
    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    @BeforeEach
    void clear() {
        shard.clear();
        shard.queue(RedisShard.settings());
    }

    @Test
    void aLeaseOutlastsTheAttemptsOfItsLaneByTheMargin() {
        shard.deliveries
                .setLaneLimits("quick", LaneLimits.DEFAULT, Duration.ofMillis(3_500), Action.OnFailure.CONTINUE)
                .block(RedisShard.WAIT);
        shard.enqueue("j1", "quick");
        shard.enqueue("j2", "unknown");
        shard.enqueue("j3", "quick");
        Instant before = Instant.now();

        List<Lease> leases = shard.claim(10);

        // 3.5 s and a margin of 5 s, in whole seconds.
        assertThat(leases)
                .extracting(
                        lease -> lease.job().id(),
                        lease -> Duration.between(before, lease.hold().expiresAt())
                                .toSeconds())
                .containsExactlyInAnyOrder(tuple("j1", 9L), tuple("j3", 9L), tuple("j2", 30L));
        for (Lease lease : leases) {
            assertThat(shard.redis.zscore(shard.keys.leased(), lease.hold().entry()))
                    .isEqualTo((double) lease.hold().token());
        }
    }

    @Test
    void aLaneWhoseAttemptsTurnOutLongerGetsLongerLeases() {
        shard.deliveries
                .setLaneLimits("crm", LaneLimits.DEFAULT, Duration.ofSeconds(4), Action.OnFailure.CONTINUE)
                .block(RedisShard.WAIT);
        shard.queue.lengthen("crm", Duration.ofSeconds(16)).block(RedisShard.WAIT);
        shard.queue.lengthen("crm", Duration.ofSeconds(2)).block(RedisShard.WAIT);
        shard.queue.lengthen("unknown", Duration.ofSeconds(2)).block(RedisShard.WAIT);
        shard.enqueue("j1", "crm");
        shard.enqueue("j2", "unknown");
        Instant before = Instant.now();

        assertThat(shard.claim(10))
                .extracting(lease ->
                        Duration.between(before, lease.hold().expiresAt()).toSeconds())
                .containsExactly(21L, 30L);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1000, 1", "1001, 2", "48000, 48", "49000, 88", "88001, 128", "630000, 648", "900000, 648"})
    void leasesComeInLengthsThatTheirTokensTell(long millis, long seconds) {
        shard.queue(RedisShard.settings(Duration.ofMillis(millis), 100));
        shard.enqueue("j1", "crm");
        Instant before = Instant.now();

        Lease lease = shard.claim(1).getFirst();

        assertThat(Duration.between(before, lease.hold().expiresAt()).toSeconds())
                .isEqualTo(seconds);
        assertThat(lease.hold().token() % 64).isEqualTo(seconds <= 48 ? seconds : 48 + (seconds - 48) / 40);
    }

    @Test
    void anExpiredLeaseReturnsTheJobAndItsOldHolderIsFencedOff() {
        shard.queue(RedisShard.settings(Duration.ofMillis(20), 100));
        shard.enqueue("j1", "crm");
        Lease old = shard.claim(1).getFirst();
        shard.queue(RedisShard.settings());

        Lease fresh = shard.awaitLeases(1).getFirst();

        assertThat(fresh.past().attempts()).isZero();
        assertThat(fresh.hold().token()).isGreaterThan(old.hold().token());
        assertThat(shard.settle(old, RedisShard.retry(old, Duration.ZERO))).isFalse();
        assertThat(shard.settle(old, RedisShard.delivered(old))).isTrue();
        assertThat(shard.settle(fresh, RedisShard.retry(fresh, Duration.ZERO))).isFalse();
        assertThat(shard.results()).containsExactly("sent j1 1 200");
        assertThat(shard.redis.hgetall(shard.keys.busy())).isEmpty();
    }
}
