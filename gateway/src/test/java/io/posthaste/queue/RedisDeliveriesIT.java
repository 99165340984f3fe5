package io.posthaste.queue;

import static io.posthaste.queue.RedisShard.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthaste.job.Attempt;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Deliveries.NewJob;
import io.posthaste.queue.browse.Deliveries.Page;
import io.posthaste.queue.browse.Deliveries.Query;
import io.posthaste.queue.browse.Deliveries.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisDeliveriesIT {
    @AutoClose
    private static final RedisShard shard = RedisShard.start();

    @BeforeEach
    void clear() {
        shard.clear();
        shard.queue(RedisShard.settings());
    }

    @Test
    void enqueuedJobsAreClaimedInOrder() {
        List<NewJob> jobs = IntStream.range(0, 300)
                .mapToObj(i -> NewJob.of("j" + i, "crm", "{}"))
                .toList();

        shard.deliveries.enqueue(jobs).block(RedisShard.WAIT);

        shard.queue(RedisShard.settings(Duration.ofSeconds(30), 1_000));
        List<String> ids = new ArrayList<>();
        shard.claim(256).forEach(lease -> ids.add(lease.job().id()));
        shard.claim(256).forEach(lease -> ids.add(lease.job().id()));
        assertThat(ids).containsExactlyElementsOf(jobs.stream().map(NewJob::id).toList());
    }

    @Test
    void aDeliveryCanBeLookedUpWhereverItStands() {
        shard.enqueue("j1", "crm", "key", "k1");
        assertThat(find("j1").state()).isEqualTo(DeliveryState.QUEUED);

        Lease first = shard.claim(1).getFirst();
        assertThat(find("j1").state()).isEqualTo(DeliveryState.SENDING);

        shard.settle(first, RedisShard.retry(first, Duration.ZERO));
        Delivery retrying = find("j1");
        assertThat(retrying.state()).isEqualTo(DeliveryState.RETRYING);
        assertThat(retrying.nextAttemptAtMillis()).isPositive();
        assertThat(retrying.request()).usingRecursiveComparison().isEqualTo(RedisShard.request("j1"));

        Lease second = shard.awaitLeases(1).getFirst();
        shard.settle(second, RedisShard.failed(second));
        Delivery failed = find("j1");
        assertThat(failed.state()).isEqualTo(DeliveryState.FAILED);
        assertThat(failed.reason()).isEqualTo("HTTP 404");
        assertThat(failed.key()).isEqualTo("k1");
        assertThat(failed.attempts())
                .containsExactly(
                        new Attempt(1, 2_000, 503, 34, "HTTP 503", "try later"),
                        new Attempt(2, 2_000, 503, 34, "HTTP 503", "try later"));
        assertThat(shard.deliveries.find("nobody").block(RedisShard.WAIT)).isNull();
    }

    @Test
    void aSentDeliveryRemembersAllItsAttempts() {
        shard.enqueue("j1", "crm");
        Lease first = shard.claim(1).getFirst();
        shard.settle(first, RedisShard.retry(first, Duration.ZERO));
        Lease second = shard.awaitLeases(1).getFirst();

        shard.settle(second, RedisShard.delivered(second));

        Delivery sent = find("j1");
        assertThat(sent.state()).isEqualTo(DeliveryState.SENT);
        assertThat(sent.action()).isEqualTo("crm");
        assertThat(sent.attempts()).extracting(Attempt::number).containsExactly(1, 2);
        assertThat(sent.attempts()).extracting(Attempt::status).containsExactly(503, 200);
        assertThat(shard.redis.exists(shard.keys.state(), shard.keys.parked(), shard.keys.parkedAt()))
                .isZero();
    }

    @Test
    void aWaitingDeliveryIsCancelledAtOnce() {
        shard.enqueue("j1", "crm", "at", Long.toString(System.currentTimeMillis() + 3_600_000));
        shard.claim(1);

        assertThat(get(shard.deliveries.cancel("j1"))).isTrue();

        assertThat(find("j1").state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(shard.results()).containsExactly("cancelled j1 0 0 cancelled");
        assertThat(get(shard.deliveries.cancel("j1"))).isFalse();
        shard.enqueue("j1", "crm");
        assertThat(shard.claim(1)).hasSize(1);
    }

    @Test
    void aDeliveryInFlightIsCancelledWhenItsAttemptReturns() {
        shard.enqueue("j1", "crm");
        Lease lease = shard.claim(1).getFirst();

        assertThat(get(shard.deliveries.cancel("j1"))).isTrue();
        assertThat(find("j1").state()).isEqualTo(DeliveryState.SENDING);
        shard.settle(lease, RedisShard.retry(lease, Duration.ZERO));

        Delivery cancelled = find("j1");
        assertThat(cancelled.state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(cancelled.attempts()).hasSize(1);
        assertThat(shard.redis.exists(shard.keys.cancelling(), shard.keys.leased(), shard.keys.ids()))
                .isZero();
    }

    @Test
    void aSuccessOfACancelledDeliveryIsASuccess() {
        shard.enqueue("j1", "crm");
        Lease lease = shard.claim(1).getFirst();
        get(shard.deliveries.cancel("j1"));

        shard.settle(lease, RedisShard.delivered(lease));

        assertThat(find("j1").state()).isEqualTo(DeliveryState.SENT);
        assertThat(shard.redis.exists(shard.keys.cancelling())).isZero();
    }

    @Test
    void aFailedDeliveryIsSentAgainWithTheSameBytesAndAFreshCount() {
        shard.enqueue("j1", "crm", "key", "k1");
        Lease lease = shard.claim(1).getFirst();
        shard.settle(lease, RedisShard.failed(lease));
        assertThat(shard.claim(1)).isEmpty();

        assertThat(get(shard.deliveries.redrive(List.of("j1", "unknown")))).isEqualTo(1);

        Lease again = shard.claim(1).getFirst();
        assertThat(again.past().attempts()).isZero();
        assertThat(again.job().key()).isEqualTo("k1");
        assertThat(again.frozen()).usingRecursiveComparison().isEqualTo(RedisShard.request("j1"));
        assertThat(again.past().firstAttemptAtMillis()).isPositive();
        assertThat(find("j1").attempts()).hasSize(1);
        assertThatThrownBy(() -> shard.deliveries.redrive(Collections.nCopies(101, "x")))
                .hasMessageContaining("at most 100");
    }

    @Test
    void aDraftWaitsUntilItIsSentOrDiscarded() {
        shard.enqueue("keep", "crm");
        shard.enqueue("drop", "crm");
        shard.claim(2).forEach(lease -> shard.settle(lease, new Outcome.Drafted(RedisShard.request("draft"), false)));
        assertThat(find("keep").state()).isEqualTo(DeliveryState.DRAFTED);
        assertThat(get(shard.deliveries.redrive(List.of("keep")))).isZero();

        assertThat(get(shard.deliveries.sendDrafts(List.of("keep")))).isEqualTo(1);
        assertThat(get(shard.deliveries.discardDrafts(List.of("keep", "drop")))).isEqualTo(1);

        List<Lease> leases = shard.claim(10);
        assertThat(leases).extracting(lease -> lease.job().id()).containsExactly("keep");
        assertThat(leases.getFirst().frozen()).isNotNull();
        assertThat(leases.getFirst().past().firstAttemptAtMillis()).isZero();
        assertThat(find("drop").state()).isEqualTo(DeliveryState.CANCELLED);
    }

    @Test
    void theListPagesThroughAllStatesNewestChangeFirst() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 230; i++) {
            shard.enqueue("j" + i, i % 2 == 0 ? "even" : "odd");
        }
        shard.queue(RedisShard.settings(Duration.ofSeconds(30), 1_000));
        for (Lease lease : shard.claim(200)) {
            shard.settle(
                    lease,
                    switch (Integer.parseInt(lease.job().id().substring(1)) % 5) {
                        case 0 -> RedisShard.failed(lease);
                        case 1 -> new Outcome.Aborted("no");
                        case 2 -> new Outcome.Drafted(RedisShard.request("x"), false);
                        case 3 -> RedisShard.retry(lease, Duration.ofHours(1));
                        default -> RedisShard.delivered(lease);
                    });
        }
        for (int i = 0; i < 230; i++) {
            expected.add("j" + i);
        }

        List<Delivery> all = pages(null, null, 37);

        assertThat(all).extracting(Delivery::id).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(all.stream().map(Delivery::updatedAtMillis).toList())
                .isSortedAccordingTo(Collections.reverseOrder());
        assertThat(pages(DeliveryState.SENT, null, 7)).hasSize(40);
        assertThat(pages(DeliveryState.FAILED, "odd", 7)).hasSize(20).allMatch(d -> "odd".equals(d.action()));
        assertThat(pages(DeliveryState.RETRYING, null, 50)).hasSize(40);
        assertThat(pages(DeliveryState.QUEUED, null, 50)).hasSize(30);
    }

    private static List<Delivery> pages(@Nullable DeliveryState state, @Nullable String action, int limit) {
        List<Delivery> all = new ArrayList<>();
        String cursor = null;
        do {
            Page page = get(shard.deliveries.list(new Query(Wanted.of(state, action), cursor, limit)));
            assertThat(page.deliveries()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.deliveries());
            cursor = page.cursor();
        } while (cursor != null);
        return all;
    }

    @Test
    void quarantinedEntriesAreShownWithTheirFieldsAndDropped() {
        shard.add(Map.of("v", "1", "id", "not an id"));
        shard.claim(1);

        Deliveries.Quarantined entry =
                get(shard.deliveries.quarantine(null, 10)).getFirst();

        assertThat(entry.reason()).startsWith("id is not");
        assertThat(entry.fields()).contains("v", "1", "id", "not an id");
        assertThat(get(shard.deliveries.quarantine(entry.cursor(), 10))).isEmpty();
        assertThat(get(shard.deliveries.dropQuarantined(entry.cursor()))).isTrue();
        assertThat(get(shard.deliveries.depth()).totals().quarantined()).isZero();
    }

    private static Delivery find(String id) {
        return get(shard.deliveries.find(id));
    }
}
