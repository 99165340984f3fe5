package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link JobQueue} promises, whatever it is made of. */
abstract class JobQueueContract {
    abstract JobQueue queue();

    /** Adds a job with about so many bytes of data. */
    abstract void add(String id, String lane, int bytes);

    /** From now on leases of lanes that were not told otherwise run out at once. */
    abstract void leasesRunOut();

    abstract void leasesLast();

    /** Lets time pass, a moment of it. */
    abstract void moment();

    @Test
    void aJobIsLeasedToOneCallerAlone() {
        add("j1", "crm", 10);

        Lease lease = claim(10).getFirst();

        assertThat(lease.job().id()).isEqualTo("j1");
        assertThat(lease.job().lane()).isEqualTo("crm");
        assertThat(lease.past().attempts()).isZero();
        assertThat(lease.frozen()).isNull();
        assertThat(claim(10)).isEmpty();
    }

    @Test
    void theSameIdIsOneJob() {
        add("j1", "crm", 10);
        add("j1", "crm", 10);

        assertThat(claim(10)).hasSize(1);
    }

    @Test
    void aClaimTakesNoMoreThanItAsksFor() {
        for (int i = 0; i < 5; i++) {
            add("j" + i, "crm", 10);
        }

        assertThat(claim(2)).hasSize(2);
        assertThat(claim(10)).hasSize(3);
    }

    @Test
    void aClaimTakesAsManyBytesAsThereIsRoomForAndTheJobThatGoesBeyond() {
        for (int i = 0; i < 6; i++) {
            add("j" + i, "crm", 1_000);
        }

        assertThat(RedisShard.get(queue().claim(6, 2_500, Map.of())).leases()).hasSize(3);
    }

    @Test
    void aClaimTakesNoMoreOfALaneThanItIsTold() {
        for (int i = 0; i < 5; i++) {
            add("held-" + i, "held", 10);
            add("free-" + i, "free", 10);
        }

        List<Lease> leases = RedisShard.get(queue().claim(10, Long.MAX_VALUE, Map.of("held", 1)))
                .leases();

        assertThat(leases)
                .filteredOn(lease -> lease.job().lane().equals("held"))
                .hasSize(1);
        assertThat(leases)
                .filteredOn(lease -> lease.job().lane().equals("free"))
                .hasSize(5);
    }

    @Test
    void lanesTakeTurns() {
        for (int i = 0; i < 90; i++) {
            add("first-" + i, "first", 10);
        }
        claim(90).forEach(lease -> settle(lease, new Outcome.Released(Duration.ZERO)));
        for (int i = 0; i < 20; i++) {
            add("second-" + i, "second", 10);
        }
        moment();

        assertThat(claim(64))
                .filteredOn(lease -> lease.job().lane().equals("second"))
                .isNotEmpty();
    }

    @Test
    void whatIsDeliveredIsOver() {
        add("j1", "crm", 10);
        Lease lease = claim(1).getFirst();

        assertThat(settle(lease, RedisShard.delivered(lease))).isEqualTo(Settled.APPLIED);

        moment();
        assertThat(claim(1)).isEmpty();
        assertThat(settle(lease, RedisShard.failed(lease))).isEqualTo(Settled.IGNORED);
    }

    @Test
    void aRetryComesBackWhenItIsDueWithTheRequestAsItWas() {
        add("j1", "crm", 10);
        Lease first = claim(1).getFirst();
        settle(first, RedisShard.retry(first, Duration.ofMillis(60)));
        assertThat(claim(1)).isEmpty();

        Lease second = await();

        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.past().firstAttemptAtMillis()).isPositive();
        assertThat(second.job()).usingRecursiveComparison().isEqualTo(first.job());
        assertThat(second.frozen()).usingRecursiveComparison().isEqualTo(RedisShard.request("j1"));
    }

    @Test
    void whatIsGivenBackCostsNoAttempt() {
        add("j1", "crm", 10);
        settle(claim(1).getFirst(), new Outcome.Released(Duration.ofMillis(20)));
        assertThat(claim(1)).isEmpty();

        Lease again = await();

        assertThat(again.past().attempts()).isZero();
        assertThat(again.past().reclaims()).isZero();
    }

    @Test
    void aLeaseThatRunsOutReturnsItsJobAndItsHolderMayOnlySayThatItWasSent() {
        add("j1", "crm", 10);
        add("j2", "crm", 10);
        leasesRunOut();
        List<Lease> old = claim(2);
        leasesLast();

        List<Lease> fresh = List.of(await(), await());

        assertThat(fresh).allMatch(lease -> lease.past().reclaims() == 1);
        assertThat(settle(old.get(0), RedisShard.retry(old.get(0), Duration.ofSeconds(1))))
                .isEqualTo(Settled.IGNORED);
        assertThat(settle(old.get(1), RedisShard.delivered(old.get(1)))).isEqualTo(Settled.APPLIED);
    }

    @Test
    void theDoorbellRingsWhenAJobComes() {
        var rung = queue().doorbell().toFuture();

        add("j1", "crm", 10);

        assertThat(rung).succeedsWithin(RedisShard.WAIT);
    }

    private List<Lease> claim(int max) {
        return RedisShard.get(queue().claim(max)).leases();
    }

    private Settled settle(Lease lease, Outcome outcome) {
        return RedisShard.get(queue().settle(new Settlement(lease, outcome)));
    }

    /** The next lease there is, in a while. */
    private Lease await() {
        long giveUpAt = System.nanoTime() + RedisShard.WAIT.toNanos();
        List<Lease> leases = new ArrayList<>();
        while (leases.isEmpty()) {
            assertThat(System.nanoTime()).as("nothing came").isLessThan(giveUpAt);
            moment();
            leases.addAll(claim(1));
        }
        return leases.getFirst();
    }
}
