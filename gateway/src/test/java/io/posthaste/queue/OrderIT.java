package io.posthaste.queue;

import static io.posthaste.queue.RedisShard.WAIT;
import static io.posthaste.queue.RedisShard.delivered;
import static io.posthaste.queue.RedisShard.failed;
import static io.posthaste.queue.RedisShard.get;
import static io.posthaste.queue.RedisShard.retry;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.Action.OnFailure;
import io.posthaste.action.LaneLimits;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs of one lane and order key are attempted one at a time, in the order of their enqueueing. */
class OrderIT {
    private static RedisShard shard;

    @BeforeAll
    static void start() {
        shard = RedisShard.start();
    }

    @AfterAll
    static void stop() {
        shard.close();
    }

    @BeforeEach
    void clear() {
        shard.clear();
    }

    @Test
    void theNextOfALineIsLeasedWhenTheOneBeforeItHasEnded() {
        line("a", "b", "c");

        Lease a = only("a");
        assertThat(shard.settle(a, delivered(a))).isTrue();
        Lease b = only("b");
        assertThat(shard.settle(b, new Outcome.Skipped())).isTrue();
        only("c");
    }

    @Test
    void linesOfOtherKeysAndLanesAndJobsWithoutOrderGoOn() {
        line("a", "b");
        shard.enqueue("other-key", "crm", "order", "43");
        shard.enqueue("other-lane", "mail", "order", "42");
        shard.enqueue("free", "crm");

        assertThat(ids(shard.claim(10))).containsExactlyInAnyOrder("a", "other-key", "other-lane", "free");
    }

    @Test
    void oneThatRetriesHoldsThoseBehindIt() {
        line("a", "b");

        Lease a = only("a");
        assertThat(shard.settle(a, retry(a, Duration.ofMillis(1)))).isTrue();

        assertThat(ids(shard.awaitLeases(1))).containsExactly("a");
        assertThat(shard.claim(10)).isEmpty();
    }

    @Test
    void oneForLaterHoldsThoseBehindItUntilThen() {
        String later = Long.toString(System.currentTimeMillis() + 3_600_000);
        shard.enqueue("a", "crm", "order", "42", "at", later);
        shard.enqueue("b", "crm", "order", "42");

        assertThat(shard.claim(10)).isEmpty();
        assertThat(shard.deliveries.cancel("a").block(WAIT)).isTrue();
        only("b");
    }

    @Test
    void whoFailsLetsTheNextGoAndComesBackBehindAllOthers() {
        line("a", "b", "c");

        Lease a = only("a");
        assertThat(shard.settle(a, failed(a))).isTrue();
        Lease b = only("b");
        assertThat(shard.deliveries.redrive(List.of("a")).block(WAIT)).isEqualTo(1);
        assertThat(shard.claim(10)).isEmpty();
        assertThat(shard.settle(b, delivered(b))).isTrue();
        Lease c = only("c");
        assertThat(shard.settle(c, delivered(c))).isTrue();
        only("a");
    }

    @Test
    void whoFailsInALaneThatBlocksHoldsThoseBehindItUntilItIsSentAgainOrEnded() {
        onFailure(OnFailure.BLOCK);
        line("a", "b", "c");

        Lease a = only("a");
        assertThat(shard.settle(a, failed(a))).isTrue();
        assertThat(shard.claim(10)).isEmpty();
        assertThat(shard.deliveries.redrive(List.of("a")).block(WAIT)).isEqualTo(1);
        Lease again = only("a");
        assertThat(shard.settle(again, delivered(again))).isTrue();

        Lease b = only("b");
        assertThat(shard.settle(b, failed(b))).isTrue();
        assertThat(shard.deliveries.cancel("b").block(WAIT)).isTrue();
        only("c");
    }

    @Test
    void aLaneThatBlocksNoMoreLetsItsLinesGoOn() {
        onFailure(OnFailure.BLOCK);
        line("a", "b");
        Lease a = only("a");
        assertThat(shard.settle(a, failed(a))).isTrue();

        onFailure(OnFailure.CONTINUE);
        reconcile();

        only("b");
    }

    @Test
    void aDraftHoldsThoseBehindIt() {
        line("a", "b");
        Lease a = only("a");
        assertThat(shard.settle(a, new Outcome.Drafted(RedisShard.request("draft"), false)))
                .isTrue();

        assertThat(shard.claim(10)).isEmpty();
        assertThat(shard.deliveries.discardDrafts(List.of("a")).block(WAIT)).isEqualTo(1);
        only("b");
    }

    @Test
    void itIsToldBehindWhomAJobWaits() {
        line("a", "b");
        shard.claim(10);

        Delivery b = get(shard.deliveries.find("b"));

        assertThat(b.state()).isEqualTo(DeliveryState.QUEUED);
        assertThat(b.order()).isEqualTo("42");
        assertThat(b.standing().behind()).isEqualTo("a");
        assertThat(b.nextAttemptAtMillis()).isZero();
        assertThat(get(shard.deliveries.depth()).lanes().getFirst().held()).isEqualTo(1);
    }

    @Test
    void aLineWhoseFirstJobIsLostIsMended() {
        line("a", "b", "c");
        shard.claim(10);
        shard.redis.del(shard.keys.leased());
        shard.redis.hdel(shard.keys.ids(), "a");

        reconcile();

        only("b");
    }

    @Test
    void ofLostLinesTheJobsAreSentAllTheSame() {
        line("a", "b");
        shard.claim(10);
        shard.redis.del(shard.keys.ordered());

        reconcile();

        only("b");
    }

    @Test
    void ofALineThatIsGoneTheJobsAreSentAllTheSame() {
        line("a", "b", "c");
        shard.claim(10);
        shard.redis.del(shard.keys.line("crm:42"));

        reconcile();

        assertThat(ids(shard.claim(10))).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void anOrderThatIsNoKeyIsSetAside() {
        shard.enqueue("a", "crm", "order", "a b");
        shard.enqueue("b", "crm", "order", "x".repeat(65));

        assertThat(shard.claim(10)).isEmpty();
        assertThat(get(shard.deliveries.quarantine(null, 10)))
                .extracting(entry -> entry.reason())
                .containsExactly("order is too long", "order is not 1 to 64 visible ASCII characters");
    }

    private static void line(String... ids) {
        for (String id : ids) {
            shard.enqueue(id, "crm", "order", "42");
        }
    }

    private static Lease only(String id) {
        List<Lease> leases = shard.claim(10);
        assertThat(ids(leases)).containsExactly(id);
        return leases.getFirst();
    }

    private static List<String> ids(List<Lease> leases) {
        return leases.stream().map(lease -> lease.job().id()).toList();
    }

    private static void onFailure(OnFailure onFailure) {
        shard.deliveries
                .setLaneLimits("crm", LaneLimits.DEFAULT, null, onFailure)
                .block(WAIT);
    }

    private static void reconcile() {
        Objects.requireNonNull(new ScriptRunner(
                        shard.connections.admin(),
                        shard.keys.prefix().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        100)
                .run(io.posthaste.redis.LuaScript.load("queue/reconcile.lua"), 1_000, "0", 100, List.of("crm"))
                .block(WAIT));
    }
}
