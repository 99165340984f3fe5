package io.posthaste.queue;

import static io.posthaste.queue.RedisShard.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.Action;
import io.posthaste.action.LaneLimits;
import io.posthaste.job.Lease;
import io.posthaste.queue.browse.Deliveries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lanes as operators see and steer them: paused, limited, counted, scheduled. */
class LanesIT {
    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    @BeforeEach
    void clear() {
        shard.clear();
        shard.queue(RedisShard.settings());
    }

    @Test
    void aPausedLaneKeepsItsBacklogAndIsDrainedAfterwards() {
        shard.deliveries.pause("crm").block(RedisShard.WAIT);
        for (int i = 0; i < 20; i++) {
            shard.enqueue("j" + i, "crm");
        }
        shard.enqueue("other", "mail");

        assertThat(shard.claim(100)).extracting(lease -> lease.job().id()).containsExactly("other");
        assertThat(shard.claim(100)).isEmpty();
        Deliveries.Lane paused = get(shard.deliveries.depth()).lanes().getFirst();
        assertThat(paused.name()).isEqualTo("crm");
        assertThat(paused.paused()).isTrue();
        assertThat(paused.waiting()).isEqualTo(20);

        shard.deliveries.resume("crm").block(RedisShard.WAIT);
        List<Lease> first = shard.claim(100);
        assertThat(first).hasSizeBetween(1, 10);
        List<String> drained = new ArrayList<>();
        Awaitility.await()
                .atMost(RedisShard.WAIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    for (Lease lease : shard.claim(100)) {
                        shard.settle(lease, RedisShard.delivered(lease));
                        drained.add(lease.job().id());
                    }
                    return drained.size() == 20 - first.size();
                });
    }

    @Test
    void limitsOfALaneHoldFromNowOn() {
        shard.deliveries
                .setLaneLimits("crm", new LaneLimits(2, null), null, Action.OnFailure.CONTINUE)
                .block(RedisShard.WAIT);
        for (int i = 0; i < 10; i++) {
            shard.enqueue("j" + i, "crm");
        }
        assertThat(shard.claim(100)).hasSize(2);
        assertThat(shard.claim(100)).isEmpty();

        shard.deliveries
                .setLaneLimits("crm", new LaneLimits(5, null), null, Action.OnFailure.CONTINUE)
                .block(RedisShard.WAIT);
        assertThat(shard.claim(100)).hasSize(3);

        shard.deliveries
                .setLaneLimits("crm", LaneLimits.DEFAULT, null, Action.OnFailure.CONTINUE)
                .block(RedisShard.WAIT);
        assertThat(shard.claim(100)).hasSize(5);
        assertThat(shard.redis.exists(shard.keys.laneLimits())).isZero();
    }

    @Test
    void aRateLetsNoMoreThroughPerSecond() {
        shard.deliveries
                .setLaneLimits("crm", new LaneLimits(null, 20.0), null, Action.OnFailure.CONTINUE)
                .block(RedisShard.WAIT);
        for (int i = 0; i < 12; i++) {
            shard.enqueue("j" + i, "crm");
        }
        long start = System.nanoTime();

        assertThat(shard.claim(100)).hasSize(2);
        shard.awaitLeases(10);

        // Two at once, then one each 50 ms.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(480));
    }

    @Test
    void depthTellsHowMuchThereIs() {
        shard.enqueue("leased", "crm");
        shard.claim(1);
        shard.enqueue("fresh1", "crm");
        shard.enqueue("fresh2", "crm");

        Deliveries.Depth depth = get(shard.deliveries.depth());

        assertThat(depth.inbox().entries()).isEqualTo(2);
        assertThat(depth.inbox().oldestMillis()).isPositive();
        assertThat(depth.totals().leased()).isEqualTo(1);
        assertThat(depth.lanes()).containsExactly(new Deliveries.Lane("crm", 0, 0, 1, 0, false));
    }

    @Test
    void theScheduleCountsWhatComesDueInEachStep() {
        long now = get(shard.deliveries.depth()).atMillis();
        for (long minute : new long[] {1, 1, 90, 179, 600}) {
            shard.add(Map.of(
                    "v",
                    "1",
                    "id",
                    "j" + minute + "-" + System.nanoTime(),
                    "action",
                    "crm",
                    "data",
                    "{}",
                    "at",
                    Long.toString(now + minute * 60_000 + 30_000)));
        }
        shard.claim(10);
        List<String> lanes = IntStream.range(0, 20).mapToObj(i -> "lane" + i).collect(Collectors.toList());
        lanes.add("crm");

        Deliveries.Schedule schedule = get(shard.deliveries.schedule(lanes, Duration.ofMinutes(1), 180));

        assertThat(schedule.steps()).hasSize(180);
        assertThat(schedule.steps()[1]).isEqualTo(2);
        assertThat(schedule.steps()[90]).isEqualTo(1);
        assertThat(schedule.steps()[179]).isEqualTo(1);
        assertThat(LongStream.of(schedule.steps()).sum()).isEqualTo(4);
        assertThat(schedule.later()).isEqualTo(1);
        assertThat(schedule.overdue()).isZero();
    }
}
