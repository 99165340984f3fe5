package io.posthaste.metrics;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What became of deliveries by lane, counted in memory until somebody takes it away. Safe for any number of threads. */
public final class ActionTally {

    /** What is counted: the events of the results stream, what counts as a conversion, and answers by class. */
    public enum Figure {
        SENT,
        ATTEMPTED,
        FAILED,
        DRAFTED,
        ABORTED,
        SKIPPED,
        CANCELLED,
        CONVERSION,
        NO_ANSWER,
        ANSWER_2XX,
        ANSWER_3XX,
        ANSWER_4XX,
        ANSWER_5XX
    }

    /** Counted only inside {@code compute}, so what is removed gets no more. */
    private final ConcurrentHashMap<String, Map<Figure, Long>> lanes = new ConcurrentHashMap<>();

    /** Counts one settled outcome. */
    public void settled(String lane, Outcome outcome) {
        switch (outcome) {
            case Outcome.Delivered done ->
                add(lane, Figure.SENT, answer(done.attempt()), done.conversion() ? Figure.CONVERSION : null);
            case Outcome.Retry later -> add(lane, Figure.ATTEMPTED, answer(later.attempt()), null);
            case Outcome.Failed dead ->
                add(lane, Figure.FAILED, dead.attempt() == null ? null : answer(dead.attempt()), null);
            case Outcome.Drafted draft -> add(lane, Figure.DRAFTED, null, null);
            case Outcome.Aborted stopped -> add(lane, Figure.ABORTED, null, null);
            case Outcome.Skipped off -> add(lane, Figure.SKIPPED, null, null);
            case Outcome.Cancelled ended -> add(lane, Figure.CANCELLED, null, null);
            case Outcome.Released back -> {}
        }
    }

    private static Figure answer(Attempt attempt) {
        return switch (attempt.status() / 100) {
            case 2 -> Figure.ANSWER_2XX;
            case 3 -> Figure.ANSWER_3XX;
            case 4 -> Figure.ANSWER_4XX;
            case 5 -> Figure.ANSWER_5XX;
            default -> Figure.NO_ANSWER;
        };
    }

    private void add(String lane, Figure first, @Nullable Figure second, @Nullable Figure third) {
        lanes.compute(lane, (name, known) -> {
            Map<Figure, Long> counts = known == null ? new EnumMap<>(Figure.class) : known;
            counts.merge(first, 1L, Long::sum);
            if (second != null) {
                counts.merge(second, 1L, Long::sum);
            }
            if (third != null) {
                counts.merge(third, 1L, Long::sum);
            }
            return counts;
        });
    }

    /** What was counted since the last time, by lane. */
    public Map<String, Map<Figure, Long>> take() {
        Map<String, Map<Figure, Long>> taken = new HashMap<>();
        for (String lane : lanes.keySet()) {
            Map<Figure, Long> counts = lanes.remove(lane);
            if (counts != null) {
                taken.put(lane, counts);
            }
        }
        return taken;
    }

    /** Gives back what was taken and could not be kept elsewhere. */
    public void putBack(String lane, Map<Figure, Long> taken) {
        lanes.merge(lane, taken, (counts, more) -> {
            more.forEach((figure, count) -> counts.merge(figure, count, Long::sum));
            return counts;
        });
    }
}
