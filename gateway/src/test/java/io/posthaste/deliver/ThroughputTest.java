package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A process that serves so many a second, receivers of a latency, and what is in flight between them. */
class ThroughputTest {
    private static final int TICK_MILLIS = 100;

    private final Throughput throughput = new Throughput();
    private long millis = 1;
    private double answers;
    private double elapsed;

    @Test
    void nothingIsOfUseUntilSomethingIsKnown() {
        assertThat(throughput.useful()).isZero();
    }

    @Test
    void isTwiceTheRateTimesTheLatency() {
        fly(1_000, 100_000, 200, 20);

        assertThat(throughput.useful()).isBetween(1_990.0, 2_010.0);
    }

    @Test
    void whatOnlyQueuesIsOfNoUse() {
        fly(1_000, 5_000, 200, 20);
        double before = throughput.useful();

        fly(8_000, 5_000, 200, 50);

        assertThat(throughput.useful()).isBetween(before * 0.9, before * 1.1);
    }

    @Test
    void staysThatWayHoweverLongItLasts() {
        int flight = 256;
        for (int second = 0; second < 120; second++) {
            fly(flight, 5_000, 200, 10);
            flight = (int) Math.clamp(throughput.useful(), 256, 16_000);
        }

        assertThat(flight).isLessThan(3_000);
    }

    @Test
    void followsReceiversThatBecameSlowerWithinSeconds() {
        fly(1_000, 100_000, 5, 100);
        fly(1_000, 100_000, 500, 130);

        assertThat(throughput.useful()).isGreaterThan(1_900);
    }

    /** By Little's law: the rate is bounded by the process, or by how many fly. */
    private void fly(int flight, double mostPerSecond, double latencyMillis, int ticks) {
        double perSecond = Math.min(mostPerSecond, flight / latencyMillis * 1_000);
        for (int i = 0; i < ticks; i++) {
            millis += TICK_MILLIS;
            double ended = perSecond * TICK_MILLIS / 1_000;
            answers += ended;
            elapsed += ended * (flight / perSecond) * 1_000;
            throughput.follow((long) answers, (long) elapsed, millis * 1_000_000);
        }
    }
}
