package io.posthaste.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostActivityTest {
    private static final RenderedRequest REQUEST = new RenderedRequest("POST", "", List.of(), new byte[0]);

    private final HostActivity activity = new HostActivity();

    @Test
    void attemptsErrorsAndTheLastErrorAreCountedByHost() {
        activity.ended("a:443", delivered(20));
        activity.ended("a:443", failed("HTTP 503", 40));
        activity.ended("a:443", failed("HTTP 503", 40));
        activity.ended("a:443", new Outcome.Released(Duration.ZERO));
        activity.ended("b:443", delivered(1));

        HostActivity.Answers a = answers("a:443");

        assertThat(a.attempts()).isEqualTo(3);
        assertThat(a.failed()).isEqualTo(2);
        assertThat(a.errors()).isEqualTo(Map.of("HTTP 503", 2L));
        assertThat(a.last()).isEqualTo(new HostActivity.Failure("HTTP 503", 1_040));
        assertThat(answers("b:443").last()).isNull();
    }

    @Test
    void whatIsOlderThanTheWindowIsForgotten() {
        activity.ended("a:443", failed("HTTP 500", 3));
        for (int minute = 0; minute < HostActivity.MINUTES; minute++) {
            activity.tick();
            assertThat(answers("a:443").failed()).isEqualTo(1);
        }
        activity.ended("a:443", delivered(3));

        activity.tick();

        assertThat(answers("a:443").attempts()).isEqualTo(1);
        assertThat(answers("a:443").errors()).isEmpty();
    }

    @Test
    void aHostThatIsQuietIsForgottenAndMakesRoom() {
        IntStream.range(0, HostActivity.MOST_HOSTS + 1).forEach(i -> activity.ended("h" + i, delivered(1)));
        assertThat(activity.answers()).hasSize(HostActivity.MOST_HOSTS);

        IntStream.rangeClosed(0, HostActivity.MINUTES + 1).forEach(minute -> activity.tick());

        assertThat(activity.answers()).isEmpty();
    }

    @Test
    void reasonsAreBoundedInNumberAndLength() {
        IntStream.range(0, 50).forEach(i -> activity.ended("a:443", failed("reason " + i, 1)));
        activity.ended("a:443", failed("x".repeat(5_000), 1));

        HostActivity.Answers a = answers("a:443");

        assertThat(a.errors()).hasSize(9).containsEntry("other reasons", 43L);
        assertThat(Objects.requireNonNull(a.last()).reason()).hasSize(120);
    }

    private HostActivity.Answers answers(String host) {
        return Objects.requireNonNull(activity.answers().get(host));
    }

    private static Outcome delivered(long millis) {
        return new Outcome.Delivered(new Attempt(1, 1_000, 200, millis, "", ""), REQUEST, false);
    }

    private static Outcome failed(String reason, long millis) {
        return new Outcome.Retry(new Attempt(1, 1_000, 503, millis, reason, ""), Duration.ZERO, null);
    }
}
