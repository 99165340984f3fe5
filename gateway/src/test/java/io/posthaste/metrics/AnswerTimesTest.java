package io.posthaste.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTimesTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 100, 4_000, 32_768, 65_535})
    void oneAnswerIsEveryPercentileWithinAQuarter(long millis) {
        Percentiles seen = AnswerTimes.percentiles(counts(millis));

        assertThat(seen.p50()).isCloseTo(millis, withPercentage(25));
        assertThat(seen.p99()).isCloseTo(millis, withPercentage(25));
    }

    @Test
    void everyMillisecondHasAStepAndStepsRise() {
        int before = 0;
        for (int millis = 0; millis < 70_000; millis++) {
            int step = AnswerTimes.step(millis);
            assertThat(step - before).isBetween(0, 1);
            before = step;
        }
        assertThat(before).isEqualTo(AnswerTimes.STEPS - 1);
        assertThat(AnswerTimes.step(-1)).isZero();
        assertThat(AnswerTimes.step(Long.MAX_VALUE)).isEqualTo(AnswerTimes.STEPS - 1);
    }

    @Test
    void percentilesOfAThousandAnswers() {
        long[] counts = new long[AnswerTimes.STEPS];
        for (int millis = 1; millis <= 1_000; millis++) {
            counts[AnswerTimes.step(millis)]++;
        }

        Percentiles seen = AnswerTimes.percentiles(counts);

        assertThat(seen.p50()).isCloseTo(500, withPercentage(2));
        assertThat(seen.p95()).isCloseTo(950, withPercentage(3));
        assertThat(seen.p99()).isCloseTo(990, withPercentage(4));
    }

    @Test
    void withoutAnswersThereAreNoPercentiles() {
        assertThat(AnswerTimes.percentiles(new long[AnswerTimes.STEPS])).isEqualTo(Percentiles.NONE);
    }

    private static long[] counts(long millis) {
        long[] counts = new long[AnswerTimes.STEPS];
        counts[AnswerTimes.step(millis)] = 1;
        return counts;
    }
}
