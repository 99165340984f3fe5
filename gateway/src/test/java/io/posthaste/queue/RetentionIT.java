package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.config.GatewayConfig;
import io.posthaste.job.Lease;
import io.posthaste.queue.upkeep.QueueUpkeep;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** What upkeep repairs, and what it removes when it was kept long enough. */
class RetentionIT {
    @AutoClose
    private final RedisShard shard = RedisShard.start("--appendfsync", "always");

    @Test
    void upkeepRepairsCountsAndForgottenLanes() {
        shard.queue(RedisShard.settings(Duration.ofSeconds(30), 1));
        shard.enqueue("leased", "crm");
        shard.enqueue("waiting", "crm");
        Lease lease = shard.claim(2).getFirst();
        shard.settle(lease, RedisShard.retry(lease, Duration.ofHours(1)));
        shard.redis.hset(shard.keys.busy(), "crm", "7");
        shard.redis.del(shard.keys.ready(), shard.keys.wake());
        shard.redis.hset(shard.keys.ids(), "ghost", "1-0");
        QueueUpkeep upkeep =
                new QueueUpkeep(shard.connections, RedisShard.settings(), () -> true, Schedulers.parallel());

        QueueUpkeep.Repairs repairs = RedisShard.get(upkeep.once());

        assertThat(repairs).isEqualTo(new QueueUpkeep.Repairs(1, 1, 1, 0));
        assertThat(RedisShard.get(upkeep.once())).isEqualTo(new QueueUpkeep.Repairs(0, 0, 0, 0));
        assertThat(shard.claim(10)).extracting(job -> job.job().id()).containsExactly("waiting");
    }

    @Test
    void upkeepReadsFewLargeBodiesAtATime() {
        String large = "x".repeat(400_000);
        for (int i = 0; i < 100; i++) {
            shard.enqueue("large-" + i, "crm", "data", '"' + large + '"');
        }
        shard.redis.hset(shard.keys.ids(), "ghost", "1-0");
        QueueUpkeep upkeep =
                new QueueUpkeep(shard.connections, RedisShard.settings(), () -> true, Schedulers.parallel());

        long turns = 0;
        long found = 0;
        while (found == 0 && turns < 10) {
            found = RedisShard.get(upkeep.once()).ids();
            turns++;
        }

        assertThat(found).isEqualTo(1);
        assertThat(turns).isBetween(1L, 4L);
        // 40 MB of bodies were behind one page of ids; no call read more than 16 MiB and one body of them.
        assertThat(RedisShard.get(upkeep.once())).isEqualTo(new QueueUpkeep.Repairs(0, 0, 0, 0));
    }

    @Test
    void whatWasKeptLongEnoughIsRemoved() {
        shard.enqueue("failed", "crm");
        shard.enqueue("sent", "crm");
        shard.claim(2)
                .forEach(lease -> shard.settle(
                        lease,
                        lease.job().id().equals("sent") ? RedisShard.delivered(lease) : RedisShard.failed(lease)));
        QueueSettings settings = RedisShard.settings();
        QueueSettings forgetful = keeping(
                settings,
                Duration.ZERO,
                new GatewayConfig.History(100, Duration.ofMillis(1), Duration.ofMillis(1), 1 << 20, "failed", true));
        Awaitility.await().pollDelay(Duration.ofMillis(5)).until(() -> true);

        new QueueUpkeep(shard.connections, forgetful, () -> true, Schedulers.parallel())
                .once()
                .block(RedisShard.WAIT);

        assertThat(shard.redis.exists(
                        shard.keys.failed(),
                        shard.keys.parked(),
                        shard.keys.state(),
                        shard.keys.ids(),
                        shard.keys.history("sent")))
                .isZero();
    }

    @Test
    void idsStayKnownForTheDedupeWindow() {
        QueueSettings settings = RedisShard.settings();
        shard.queue(keeping(settings, Duration.ofMinutes(10), settings.kept().history()));
        shard.enqueue("j1", "crm");
        Lease lease = shard.claim(1).getFirst();
        shard.settle(lease, RedisShard.delivered(lease));

        shard.enqueue("j1", "crm");

        assertThat(shard.claim(1)).isEmpty();
        assertThat(shard.stat("duplicates")).isEqualTo("1");
    }

    private static QueueSettings keeping(QueueSettings settings, Duration dedupe, GatewayConfig.History history) {
        return new QueueSettings(
                settings.tag(),
                256,
                settings.settleDelay(),
                settings.leases(),
                new QueueSettings.Kept(100, 100, dedupe, history));
    }
}
