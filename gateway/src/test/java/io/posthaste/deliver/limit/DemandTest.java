package io.posthaste.deliver.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemandTest {
    private static final long HALF_A_MINUTE = 31_000_000_000L;

    private final Demand demand = new Demand(1_000, 256);
    private long answers;
    private long refusals;
    private Duration loopDelay = Duration.ZERO;

    @Test
    void aStartAsksForAFewAndForMoreWithEveryDelivery() {
        assertThat(demand.beside(0, 0)).isEqualTo(256);
        assertThat(demand.beside(256, 0)).isZero();

        answered(256, 100);
        assertThat(demand.beside(256, 0)).isEqualTo(100);

        answered(356, 10_000);
        assertThat(demand.beside(993, 0)).isEqualTo(7);
        assertThat(demand.beside(1_000, 0)).isZero();
    }

    @Test
    void thoseThatDoNotAnswerTakeNothingFromTheWindow() {
        assertThat(demand.beside(256, 200)).isEqualTo(200);
        assertThat(demand.beside(990, 900)).as("slots are slots").isEqualTo(10);
    }

    @Test
    void aWindowThatIsNotUsedDoesNotGrow() {
        answered(100, 10_000);

        assertThat(demand.beside(100, 0)).isEqualTo(156);
    }

    @Test
    void aProcessThatIsBehindAsksForNoMoreAndOneThatIsFarBehindForLess() {
        loopDelay = Duration.ofMillis(100);
        answered(256, 500);
        assertThat(demand.beside(200, 0)).isEqualTo(56);

        loopDelay = Duration.ZERO;
        answered(256, 500);
        assertThat(demand.beside(556, 0)).isEqualTo(200);

        loopDelay = Duration.ofMillis(300);
        answered(700, 100);
        assertThat(demand.beside(556, 0)).isEqualTo(100);
        answered(700, 10_000);
        assertThat(demand.beside(200, 0)).isEqualTo(56);
    }

    @Test
    void nearToWhereItWasTooMuchItGrowsCarefully() {
        answered(256, 500);
        loopDelay = Duration.ofMillis(300);
        answered(756, 500);
        loopDelay = Duration.ZERO;

        answered(256, 200);
        assertThat(demand.beside(356, 0)).as("at once up to half of it").isEqualTo(100);
        answered(456, 80);
        assertThat(demand.beside(356, 0)).isEqualTo(110);
    }

    @Test
    void leavesRoomForWhatCameBack() {
        open();
        refused(600);

        assertThat(demand.beside(200, 0)).isEqualTo(200);
        assertThat(demand.beside(0, 0)).isEqualTo(256);
    }

    @Test
    void asksForSomeHoweverManyComeBack() {
        refused(100_000);

        assertThat(demand.beside(0, 0)).isEqualTo(16);
        assertThat(demand.beside(500, 0)).isEqualTo(16);
        assertThat(demand.beside(990, 0)).isEqualTo(10);
    }

    @Test
    void fewSlotsAreNeverExceeded() {
        Demand few = new Demand(8, 256);
        few.adjust(seen(8, 3, 0), 0);

        assertThat(few.beside(0, 0)).isEqualTo(8);
        assertThat(few.beside(8, 0)).isZero();
    }

    @Test
    void widensStepByStepOnceSomeCameBack() {
        open();
        refused(600);
        answered(400, 5_000);
        assertThat(demand.beside(200, 0)).isEqualTo(202);

        for (int i = 0; i < 1_000; i++) {
            answered(400, 50);
        }
        assertThat(demand.beside(744, 0)).isEqualTo(256);
    }

    @Test
    void whatIsNotUsedForAWhileMustBeEarnedAgain() {
        open();
        demand.adjust(seen(150, refusals, answers), HALF_A_MINUTE);
        demand.adjust(seen(150, refusals, answers), 2 * HALF_A_MINUTE);

        assertThat(demand.beside(150, 0)).isEqualTo(150);
        demand.adjust(seen(300, refusals, answers += 200), 2 * HALF_A_MINUTE);
        assertThat(demand.beside(300, 0)).isEqualTo(200);
    }

    private Demand.Seen seen(int taken, long refused, long answered) {
        return new Demand.Seen(taken, refused, answered, loopDelay);
    }

    private void open() {
        answered(256, 10_000);
    }

    private void answered(int taken, int times) {
        demand.adjust(seen(taken, refusals, answers += times), 0);
    }

    private void refused(int times) {
        demand.adjust(seen(256, refusals += times, answers), 0);
    }
}
