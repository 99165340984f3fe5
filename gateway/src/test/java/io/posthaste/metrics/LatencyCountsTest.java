package io.posthaste.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyCountsTest {
    private final LatencyCounts counts = new LatencyCounts();

    @Test
    void nothingRecordedHasNoPercentiles() {
        assertThat(counts.tick()).isEqualTo(Percentiles.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 31, 32, 100, 4_000, 16_384, 1_000_000, 33_000_000})
    void oneLatencyIsEveryPercentileWithinSixPercent(long millis) {
        counts.record(millis);

        Percentiles seen = counts.tick();

        assertThat(seen.p50()).isEqualTo(seen.p99()).isCloseTo(millis, withPercentage(6.25));
        assertThat(seen.p50()).isGreaterThanOrEqualTo(millis);
    }

    @Test
    void percentilesOfAThousandLatencies() {
        IntStream.rangeClosed(1, 1000).forEach(counts::record);

        Percentiles seen = counts.tick();

        assertThat(seen.p50()).isCloseTo(500, withPercentage(7));
        assertThat(seen.p95()).isCloseTo(950, withPercentage(7));
        assertThat(seen.p99()).isCloseTo(990, withPercentage(7));
    }

    @Test
    void latenciesBeyondAnyAreCountedAsTheLongest() {
        counts.record(Long.MAX_VALUE);
        counts.record(-5);

        assertThat(counts.tick()).isEqualTo(new Percentiles(0, (1 << 25) - 1, (1 << 25) - 1));
    }

    @Test
    void whatIsOlderThanTenSecondsIsForgotten() {
        counts.record(100);
        for (int second = 0; second < LatencyCounts.WINDOW_SECONDS; second++) {
            assertThat(counts.tick().p50()).isPositive();
        }

        assertThat(counts.tick()).isEqualTo(Percentiles.NONE);
    }
}
