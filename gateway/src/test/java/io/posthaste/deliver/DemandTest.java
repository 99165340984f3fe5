package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemandTest {
    private final Demand demand = new Demand(256);

    @Test
    void asksForAsManyAsAreFreeAndFitInOneClaim() {
        assertThat(demand.with(1_000)).isEqualTo(256);
        assertThat(demand.with(7)).isEqualTo(7);
    }

    @Test
    void asksForHalfWhileJobsComeBackButNeverForNone() {
        demand.adjust(10);
        assertThat(demand.with(1_000)).isEqualTo(128);
        assertThat(demand.isRefused()).isTrue();

        for (int i = 11; i < 30; i++) {
            demand.adjust(i);
        }
        assertThat(demand.with(1_000)).isEqualTo(16);
    }

    @Test
    void asksForMoreStepByStepWhenNoneComeBack() {
        demand.adjust(10);
        demand.adjust(10);

        assertThat(demand.isRefused()).isFalse();
        assertThat(demand.with(1_000)).isEqualTo(136);

        for (int i = 0; i < 100; i++) {
            demand.adjust(10);
        }
        assertThat(demand.with(1_000)).isEqualTo(256);
    }

    @Test
    void aSmallBatchStaysSmall() {
        Demand small = new Demand(4);
        small.adjust(1);

        assertThat(small.with(1_000)).isEqualTo(4);
    }
}
