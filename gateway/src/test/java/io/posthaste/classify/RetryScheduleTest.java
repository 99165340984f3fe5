package io.posthaste.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.RetryPolicy;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {
    private final RetrySchedule exact = new RetrySchedule(new Random(1), 0, 1);

    @Test
    void standardPolicyRetriesTenTimesOverThreeHours() {
        assertThat(delays(exact, RetryPolicy.STANDARD))
                .containsExactly(11, 21, 42, 84, 169, 338, 676, 1351, 2703, 5405);
        assertThat(LongStream.of(delays(exact, RetryPolicy.STANDARD)).sum()).isEqualTo(10_800);
        assertThat(RetryPolicy.STANDARD.timeout()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void briskPolicyRetriesElevenTimesOverOneHour() {
        assertThat(delays(exact, RetryPolicy.BRISK)).containsExactly(2, 3, 7, 14, 29, 56, 112, 225, 451, 900, 1801);
        assertThat(LongStream.of(delays(exact, RetryPolicy.BRISK)).sum()).isEqualTo(3_600);
        assertThat(RetryPolicy.BRISK.timeout()).isEqualTo(Duration.ofSeconds(16));
    }

    @Test
    void jitterUsesTheWholeRangeAndStaysInIt() {
        RetrySchedule varied = new RetrySchedule(new Random(42), RetrySchedule.JITTER, 1);

        long[] millis = IntStream.range(0, 2_000)
                .mapToLong(i -> varied.delay(RetryPolicy.STANDARD, 8).toMillis())
                .toArray();

        assertThat(LongStream.of(millis).min().orElseThrow()).isBetween(1_215_900L, 1_220_000L);
        assertThat(LongStream.of(millis).max().orElseThrow()).isBetween(1_480_000L, 1_486_100L);
        assertThat(LongStream.of(millis).average().orElseThrow()).isBetween(1_345_000.0, 1_357_000.0);
    }

    @Test
    void timeScaleDividesEveryDelay() {
        RetrySchedule fast = new RetrySchedule(new Random(1), 0, 1_000);

        assertThat(fast.delay(RetryPolicy.STANDARD, 1)).isEqualTo(Duration.ofMillis(11));
        assertThat(fast.delay(RetryPolicy.STANDARD, 1, Duration.ofSeconds(30), Duration.ZERO))
                .isEqualTo(Duration.ofMillis(30));
    }

    @ParameterizedTest(name = "retry {0}, Retry-After {1}, first attempt {2} ago: {3}")
    @CsvSource({
        "1, PT5S, PT1S, PT11S",
        "1, PT30S, PT1S, PT30S",
        "1, PT1H, PT1S, PT1H",
        "1, PT5H, PT1S, PT1H",
        "10, PT20S, PT1H30M, PT1H30M5S",
        "3, PT40M, PT2H40M44S, PT20M",
        "3, PT40M, PT3H44S, PT42S",
        "3, PT40M, PT9H, PT42S",
    })
    void retryAfterWinsUpToAnHourAndToTheEndOfLife(int retry, Duration retryAfter, Duration age, Duration expected) {
        assertThat(exact.delay(RetryPolicy.STANDARD, retry, retryAfter, age)).isEqualTo(expected);
    }

    private static long[] delays(RetrySchedule schedule, RetryPolicy policy) {
        return IntStream.rangeClosed(1, policy.delays().size())
                .mapToLong(retry -> schedule.delay(policy, retry).toSeconds())
                .toArray();
    }
}
