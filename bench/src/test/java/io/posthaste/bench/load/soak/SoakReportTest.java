package io.posthaste.bench.load.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.soak.Sampler.Life;
import io.posthaste.bench.load.soak.SoakReport.Course;
import io.posthaste.bench.load.soak.SoakReport.Rules;
import io.posthaste.bench.load.soak.Trend.Reading;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoakReportTest {
    private static final Accounts NOTHING = Accounts.of(new Ledger("run", 1), new Ends("run", 1), 0);

    @Test
    void livesThatWereLongEnoughAreJudgedAfterTheirWarmUp() {
        List<Judgement> judgements =
                report(life(1, 0, 100), life(2, 100, 1_000)).judgements(new Rules(180, 240, 240));

        assertThat(judgements).extracting(Judgement::of).containsExactly("life 2");
        assertThat(judgements.getFirst().trend().seconds()).isEqualTo(720);
    }

    @Test
    void growthInTheWarmUpIsNotJudged() {
        List<Reading> readings = IntStream.range(0, 100)
                .mapToObj(look -> new Reading(look * 5, Math.min(look, 36) << 20))
                .toList();
        Life life = new Life(1, 0, Map.of(Measure.LIVE_HEAP, readings));

        assertThat(report(life).judgements(new Rules(180, 240, 240))).allMatch(Judgement::isFlat);
        assertThat(report(life).judgements(new Rules(0, 240, 240)))
                .extracting(judgement ->
                        judgement.trend().first() < judgement.trend().last())
                .containsExactly(true);
    }

    @Test
    void whatIsLeftInRedisOrAddedOnceTooOftenIsNotAccountedFor() {
        assertThat(report(new Course(3, 9, 0, 0, true)).isAccountedFor()).isTrue();
        assertThat(report(new Course(3, 9, 1, 0, true)).isAccountedFor()).isFalse();
        assertThat(report(new Course(3, 9, 0, 1, true)).isAccountedFor()).isFalse();
        assertThat(report(new Course(3, 9, 0, 0, false)).isAccountedFor()).isFalse();
    }

    private static SoakReport report(Course course) {
        return new SoakReport(NOTHING, course, List.of(), Map.of());
    }

    private static SoakReport report(Life... lives) {
        return new SoakReport(NOTHING, new Course(0, 0, 0, 0, true), List.of(lives), Map.of());
    }

    private static Life life(int number, double from, double to) {
        List<Reading> readings = IntStream.rangeClosed(0, (int) ((to - from) / 5))
                .mapToObj(look -> new Reading(from + look * 5, 30))
                .toList();
        return new Life(number, from, Map.of(Measure.THREADS, readings));
    }
}
