package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemandTest {
    private final Demand demand = new Demand(1_000, 256);

    @Test
    void asksForAsManyAsAreFreeAndFitInOneClaim() {
        assertThat(demand.beside(0)).isEqualTo(256);
        assertThat(demand.beside(993)).isEqualTo(7);
        assertThat(demand.beside(1_000)).isZero();
    }

    @Test
    void leavesRoomForWhatCameBack() {
        demand.adjust(600);

        assertThat(demand.beside(200)).isEqualTo(200);
        assertThat(demand.beside(0)).isEqualTo(256);
    }

    @Test
    void asksForSomeHoweverManyComeBack() {
        demand.adjust(100_000);

        assertThat(demand.beside(0)).isEqualTo(16);
        assertThat(demand.beside(500)).isEqualTo(16);
        assertThat(demand.beside(990)).isEqualTo(10);
    }

    @Test
    void fewSlotsAreNeverExceeded() {
        Demand few = new Demand(8, 256);
        few.adjust(3);

        assertThat(few.beside(0)).isEqualTo(8);
        assertThat(few.beside(8)).isZero();
    }

    @Test
    void widensStepByStepWhenNoneComeBack() {
        demand.adjust(600);
        demand.adjust(600);
        assertThat(demand.beside(200)).isEqualTo(202);

        for (int i = 0; i < 1_000; i++) {
            demand.adjust(600);
        }
        assertThat(demand.beside(744)).isEqualTo(256);
    }
}
