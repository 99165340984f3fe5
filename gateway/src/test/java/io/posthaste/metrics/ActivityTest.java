package io.posthaste.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.metrics.Activity.Levels;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ActivityTest {
    private static final Levels IDLE = new Levels(0, 0, 0);

    private final Activity activity = new Activity();
    private long now = 1_000_000;

    @Test
    void aSecondHoldsWhatWasSettledInIt() {
        activity.settled("crm", delivered(20), 30);
        activity.settled("crm", retry(), 30);
        activity.settled("sms", new Outcome.Failed(null, "unknown action", null), 30);
        activity.settled("sms", new Outcome.Skipped(), 30);

        Activity.Second second = activity.tick(now, new Levels(7, 8, 9));

        assertThat(second.delivered()).isEqualTo(1);
        assertThat(second.retried()).isEqualTo(1);
        assertThat(second.failed()).isEqualTo(1);
        assertThat(second.arrival().p50()).isEqualTo(30);
        assertThat(second.levels()).isEqualTo(new Levels(7, 8, 9));
        assertThat(tick().delivered()).isZero();
    }

    @Test
    void lanesShowTheirLastMinuteAndTheirLastQuarterOfAnHour() {
        activity.settled("crm", delivered(20), 30);
        activity.settled("crm", delivered(40), 30);
        tick();

        Activity.Lane now = lane("crm");
        pass(90);
        activity.settled("crm", retry(), 30);
        tick();
        Activity.Lane later = lane("crm");

        assertThat(now.sent()).isEqualTo(2);
        assertThat(now.meanMillis()).isEqualTo(30);
        assertThat(later.sent()).isZero();
        assertThat(later.unsuccessful()).isEqualTo(1);
        assertThat(IntStream.of(later.sentSteps()).sum()).isEqualTo(2);
    }

    @Test
    void aLaneThatFellQuietIsForgotten() {
        activity.settled("crm", delivered(20), 30);

        pass(Activity.SECONDS + 60);

        assertThat(activity.lanes()).isEmpty();
    }

    @Test
    void lanesBeyondAThousandCountInTheTotalsOnly() {
        IntStream.range(0, 1_500).forEach(i -> activity.settled("lane-" + i, delivered(1), 1));

        assertThat(tick().delivered()).isEqualTo(1_500);
        assertThat(activity.lanes()).hasSize(1_000);
    }

    @Test
    void thePastIsAQuarterOfAnHour() {
        pass(Activity.SECONDS + 5);

        assertThat(activity.past()).hasSize(Activity.SECONDS);
        assertThat(activity.past().getLast().at()).isEqualTo(now);
    }

    private Activity.Lane lane(String name) {
        return Objects.requireNonNull(activity.lanes().get(name));
    }

    private void pass(int seconds) {
        IntStream.range(0, seconds).forEach(second -> tick());
    }

    private Activity.Second tick() {
        now += 1_000;
        return activity.tick(now, IDLE);
    }

    private static Outcome delivered(long millis) {
        return new Outcome.Delivered(
                new Attempt(1, 0, 200, millis, "", ""), new RenderedRequest("POST", "", List.of(), new byte[0]), false);
    }

    private static Outcome retry() {
        return new Outcome.Retry(new Attempt(1, 0, 503, 10, "HTTP 503", ""), Duration.ofSeconds(10), null);
    }
}
