package io.posthaste.bench.load.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.posthaste.bench.load.soak.Trend.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class JudgementTest {
    private static final double MIB = 1 << 20;
    private static final int MINUTES_14 = 168;

    private final Random random = new Random(7);

    @Test
    void noiseAroundALevelIsFlat() {
        for (int round = 0; round < 200; round++) {
            assertThat(judge(look -> (24 + random.nextGaussian()) * MIB).isFlat())
                    .isTrue();
        }
    }

    @Test
    void aLeakOfAMebibyteAMinuteIsFoundUnderNoise() {
        for (int round = 0; round < 200; round++) {
            assertThat(judge(look -> (24 + look / 12.0 + random.nextGaussian()) * MIB)
                            .isFlat())
                    .isFalse();
        }
    }

    @Test
    void growthThatEndsEarlyIsAWarmUpAndNoLeak() {
        assertThat(judge(look -> (24 + Math.min(look, 12) / 4.0) * MIB).isFlat())
                .isTrue();
    }

    @Test
    void aLeakThatBeginsHalfWayIsFound() {
        assertThat(judge(look -> (24 + Math.max(0, look - 60) / 10.0) * MIB).isFlat())
                .isFalse();
    }

    @Test
    void readingsFarOffDoNotHideALeakNorMakeOne() {
        IntToDoubleFunction peaks = look -> look % 11 == 3 ? 900 * MIB : 0;
        assertThat(judge(look -> 24 * MIB + peaks.applyAsDouble(look)).isFlat()).isTrue();
        assertThat(judge(look -> (24 + look / 12.0) * MIB + peaks.applyAsDouble(look))
                        .isFlat())
                .isFalse();
    }

    @Test
    void whatShrinksIsFlat() {
        assertThat(judge(look -> (100 - look / 2.0) * MIB).isFlat()).isTrue();
    }

    @Test
    void aFileThatIsWrittenAnewAgainAndAgainIsFlat() {
        List<Reading> readings = readings(MINUTES_14, look -> (8 + look % 17 * 2.4) * MIB);
        assertThat(Judgement.of("Redis", Measure.FILE, readings).isFlat()).isTrue();
    }

    @Test
    void aThreadEveryMinuteIsFound() {
        List<Reading> readings = readings(MINUTES_14, look -> 31 + look / 12);
        assertThat(Judgement.of("life 1", Measure.THREADS, readings).isFlat()).isFalse();
    }

    @Test
    void aLongSoakIsJudgedByFewerPoints() {
        Trend trend = Trend.of(readings(17_280, look -> 24 * MIB + look * 100.0));

        assertThat(trend.perSecond()).isCloseTo(20, within(0.1));
        assertThat(trend.seconds()).isEqualTo(17_279 * 5.0);
    }

    private Judgement judge(IntToDoubleFunction value) {
        return Judgement.of("life 1", Measure.LIVE_HEAP, readings(MINUTES_14, value));
    }

    /** A reading every five seconds. */
    private static List<Reading> readings(int count, IntToDoubleFunction value) {
        List<Reading> readings = new ArrayList<>();
        for (int look = 0; look < count; look++) {
            readings.add(new Reading(look * 5.0, value.applyAsDouble(look)));
        }
        return readings;
    }
}
