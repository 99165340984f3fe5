package io.posthaste.bench.load.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KillsTest {
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    @Test
    void aSeedRepeatsItsMoments() {
        assertThat(Kills.plan(HALF_AN_HOUR, new Random(7))).isEqualTo(Kills.plan(HALF_AN_HOUR, new Random(7)));
        assertThat(Kills.plan(HALF_AN_HOUR, new Random(7))).isNotEqualTo(Kills.plan(HALF_AN_HOUR, new Random(8)));
    }

    @Test
    void halfOfTheTimeOneGatewayLivesWhateverTheSeed() {
        for (int seed = 0; seed < 500; seed++) {
            List<Duration> kills = Kills.plan(HALF_AN_HOUR, new Random(seed));

            assertThat(kills).isSorted().hasSize(7);
            assertThat(kills.getLast().minus(kills.get(kills.size() - 2))).isGreaterThan(Duration.ofMinutes(15));
            assertThat(kills.getLast()).isLessThan(HALF_AN_HOUR);
        }
    }

    @Test
    void theShortestSoakHasAKillInItsMiddleToo() {
        assertThat(Kills.plan(Duration.ofSeconds(80), new Random(7))).hasSize(2);
    }

    @Test
    void everyKindOfJobIsInTheMix() {
        assertThat(IntStream.range(0, Mix.ACTIONS).mapToObj(Mix::kindOfAction)).contains(Kind.values());
        assertThat(IntStream.range(0, 200 * Mix.ACTIONS)
                        .map(Mix::host)
                        .distinct()
                        .count())
                .isGreaterThan(1_000);
    }
}
