package io.posthaste.bench.load.drive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReconciliationTest {
    private static final long LATE_AFTER = 1_000_000;

    private final Ledger ledger = new Ledger("run", 10);

    @Test
    void everyAcceptedJobIsDeliveredOnceTwiceOrLost() {
        accepted(0, 1, 2);
        arrives("run-000000000", 200);
        arrives("run-000000001", 200);
        arrives("run-000000001", 204);

        Reconciliation jobs = reconcile(3);

        assertThat(jobs.accepted()).isEqualTo(3);
        assertThat(jobs.once()).isEqualTo(1);
        assertThat(jobs.twice()).isEqualTo(1);
        assertThat(jobs.lost()).isEqualTo(1);
        assertThat(jobs.extra()).isEqualTo(1);
        assertThat(jobs.isGood()).isFalse();
    }

    @Test
    void aFailedAttemptIsNoDelivery() {
        accepted(0);
        arrives("run-000000000", 503);
        arrives("run-000000000", 0);
        assertThat(reconcile(1).lost()).isEqualTo(1);

        arrives("run-000000000", 200);

        assertThat(reconcile(1).once()).isEqualTo(1);
        assertThat(reconcile(1).isGood()).isTrue();
    }

    @Test
    void whatRedisNeverAcknowledgedCannotBeLost() {
        ledger.offer(0, 1);
        ledger.repeat(0);

        assertThat(reconcile(1).lost()).isZero();
        assertThat(reconcile(1).repeated()).isEqualTo(1);
    }

    @Test
    void attemptsThatDifferInBytesAreFound() {
        accepted(0);
        ledger.arrived(1, 503, 17, id("run-000000000"), 0, 13);
        ledger.arrived(2, 200, 18, id("run-000000000"), 0, 13);

        assertThat(reconcile(1).changed()).isEqualTo(1);
        assertThat(reconcile(1).isGood()).isFalse();
    }

    @Test
    void latenessCountsFromTheDueTime() {
        accepted(0, 1, 2);
        ledger.offer(0, 10_000_000);
        ledger.offer(1, 10_000_000);
        ledger.offer(2, 10_000_000);
        ledger.arrived(10_000_500, 200, 0, id("run-000000000"), 0, 13);
        ledger.arrived(11_000_001, 200, 0, id("run-000000001"), 0, 13);
        ledger.arrived(9_998_999, 200, 0, id("run-000000002"), 0, 13);

        Reconciliation jobs = reconcile(3);

        assertThat(jobs.late()).isEqualTo(1);
        assertThat(jobs.early()).isEqualTo(1);
    }

    @Test
    void idsOfOtherRunsAreNotOurs() {
        arrives("nur-000000000", 200);
        arrives("run-000000099", 200);
        arrives("poison", 200);

        assertThat(reconcile(0).unknown()).isEqualTo(3);
        assertThat(ledger.deliveries()).isZero();
    }

    private void accepted(int... numbers) {
        for (int number : numbers) {
            ledger.offer(number, 1);
            ledger.accept(number, 1);
        }
    }

    private void arrives(String id, int status) {
        ledger.arrived(1, status, 0, id(id), 0, id.length());
    }

    private Reconciliation reconcile(int offered) {
        return Reconciliation.of(ledger, offered, LATE_AFTER);
    }

    private static byte[] id(String id) {
        return id.getBytes(US_ASCII);
    }
}
