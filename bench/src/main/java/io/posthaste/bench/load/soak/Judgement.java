package io.posthaste.bench.load.soak;

import io.posthaste.bench.load.soak.Trend.Reading;
import java.util.List;

/**
 * Whether a measure is flat. It is not when both the slope over the time and the step from the first to the last third
 * are more than is tolerated: a leak shows in both, a single large reading in neither.
 *
 * @param of whose: a life of the gateway, or Redis
 * @param tolerated growth over the time looked at
 */
public record Judgement(String of, Measure measure, Trend trend, double tolerated) {
    /** A slope through fewer says nothing. */
    static final int LEAST_READINGS = 8;

    /** Of a steady growth two thirds lie between the medians of the first and the last third. */
    private static final double BETWEEN_THIRDS = 2.0 / 3;

    /** @param readings {@link #LEAST_READINGS} or more, in their order */
    static Judgement of(String whose, Measure measure, List<Reading> readings) {
        Trend trend = Trend.of(readings);
        return new Judgement(whose, measure, trend, measure.tolerated(trend.middle()));
    }

    public boolean isFlat() {
        return trend.drift() <= tolerated || trend.last() - trend.first() <= tolerated * BETWEEN_THIRDS;
    }

    @Override
    public String toString() {
        Measure.Unit unit = measure.unit();
        return "%s  %-7s %-28s %4.0f s %14s %14s %14s %14s %14s"
                .formatted(
                        isFlat() ? "PASS" : "FAIL",
                        of,
                        measure.title(),
                        trend.seconds(),
                        unit.text(trend.first()),
                        unit.text(trend.last()),
                        unit.text(trend.drift()),
                        unit.text(trend.perSecond() * 3600),
                        unit.text(tolerated));
    }

    public static String heading() {
        return "      %-7s %-28s %6s %14s %14s %14s %14s %14s"
                .formatted("of", "what", "over", "first third", "last third", "drift", "an hour", "tolerated");
    }
}
