package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Lease;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The host's clock was an hour ahead for a while and is set right again: what the shard remembers lies in the future. */
class SteppedClockIT {
    private static final long HOUR_MICROS = 3_600_000_000L;

    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    @BeforeEach
    void clear() {
        shard.clear();
        shard.queue(RedisShard.settings());
        shard.redis.hset(shard.keys.meta(), "clock", Long.toString(nowMicros() + HOUR_MICROS));
    }

    @Test
    void retriesComeAtTheirTime() {
        shard.enqueue("j1", "crm");
        for (int attempt = 0; attempt < 3; attempt++) {
            Lease lease = shard.awaitLeases(1).getFirst();
            shard.settle(lease, RedisShard.retry(lease, Duration.ofMillis(50)));
        }

        assertThat(shard.awaitLeases(1).getFirst().past().attempts()).isEqualTo(3);
    }

    @Test
    void whatIsDueAtATimeIsNotSentBeforeIt() {
        long at = nowMicros() / 1_000 + 400;
        shard.enqueue("j1", "crm", "at", Long.toString(at));

        assertThat(shard.claim(1)).isEmpty();
        shard.awaitLeases(1);

        assertThat(nowMicros() / 1_000).isGreaterThanOrEqualTo(at);
    }

    @Test
    void theShardsClockComesBackToTheHostsWithTime() {
        shard.enqueue("j1", "crm");
        shard.claim(1);
        long ahead = ahead();
        shard.enqueue("j2", "crm");
        shard.claim(1);

        assertThat(ahead).isBetween(HOUR_MICROS - 10_000_000, HOUR_MICROS);
        assertThat(ahead()).isLessThan(ahead);
    }

    private static long ahead() {
        return Long.parseLong(String.valueOf(shard.redis.hget(shard.keys.meta(), "ahead")));
    }

    /** On Redis' clock. */
    private static long nowMicros() {
        List<String> time = shard.redis.time();
        return Long.parseLong(time.get(0)) * 1_000_000 + Long.parseLong(time.get(1));
    }
}
