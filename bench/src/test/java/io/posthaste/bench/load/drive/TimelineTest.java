package io.posthaste.bench.load.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.bench.load.drive.Timeline.Sample;
import io.posthaste.bench.load.drive.Timeline.Window;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final long SECOND = 1_000_000;

    private final Timeline timeline = new Timeline();

    /** Nothing is delivered for two seconds, then 100 a second until the twentieth, at half a core. */
    @BeforeEach
    void twentySeconds() {
        for (int second = 0; second <= 20; second++) {
            timeline.add(new Sample(
                    second * SECOND, Math.max(0, second - 2) * 100, new Usage(second * SECOND / 2, 0, 0, 0)));
        }
    }

    @Test
    void theWindowBeginsAfterTheWarmUpAndEndsWhereTold() {
        Window window = timeline.window(4 * SECOND, 15 * SECOND);

        assertThat(window.first().micros()).isEqualTo(7 * SECOND);
        assertThat(window.last().micros()).isEqualTo(15 * SECOND);
        assertThat(window.seconds()).isEqualTo(8.0);
        assertThat(window.usage().worker()).isEqualTo(4 * SECOND);
    }

    @Test
    void theWarmUpTakesAtMostAThirdOfTheRun() {
        assertThat(timeline.window(60 * SECOND, 15 * SECOND).first().micros()).isEqualTo(7 * SECOND);
    }

    @Test
    void knowsWhenSoManyWereDelivered() {
        assertThat(timeline.reached(450)).isEqualTo(7 * SECOND);
        assertThat(timeline.reached(1_000_000)).isEqualTo(20 * SECOND);
    }
}
