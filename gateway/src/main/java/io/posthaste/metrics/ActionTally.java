package io.posthaste.metrics;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of deliveries by lane, and how long answers took, counted in memory until somebody takes it away. Safe for
 * any number of threads.
 */
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

    /**
     * What was counted of a lane.
     *
     * @param times attempts by {@link AnswerTimes#step}
     */
    public record Counts(Map<Figure, Long> figures, long[] times) {
        /** The figures alone. */
        public Counts withoutTimes() {
            return new Counts(figures, new long[AnswerTimes.STEPS]);
        }

        static Counts none() {
            return new Counts(new EnumMap<>(Figure.class), new long[AnswerTimes.STEPS]);
        }

        void add(Figure figure) {
            figures.merge(figure, 1L, Long::sum);
        }

        void add(Attempt attempt) {
            add(answer(attempt));
            times[AnswerTimes.step(attempt.elapsedMillis())]++;
        }

        void addAll(Counts more) {
            more.figures.forEach((figure, count) -> figures.merge(figure, count, Long::sum));
            for (int step = 0; step < times.length; step++) {
                times[step] += more.times[step];
            }
        }
    }

    /** Counted only inside {@code compute}, so what is removed gets no more. */
    private final ConcurrentHashMap<String, Counts> lanes = new ConcurrentHashMap<>();

    /** Counts one settled outcome. */
    public void settled(String lane, Outcome outcome) {
        switch (outcome) {
            case Outcome.Delivered done -> add(lane, Figure.SENT, done.attempt(), done.conversion());
            case Outcome.Retry later -> add(lane, Figure.ATTEMPTED, later.attempt(), false);
            case Outcome.Failed dead -> add(lane, Figure.FAILED, dead.attempt(), false);
            case Outcome.Drafted draft -> add(lane, Figure.DRAFTED, null, false);
            case Outcome.Aborted stopped -> add(lane, Figure.ABORTED, null, false);
            case Outcome.Skipped off -> add(lane, Figure.SKIPPED, null, false);
            case Outcome.Cancelled ended -> add(lane, Figure.CANCELLED, null, false);
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

    private void add(String lane, Figure figure, @Nullable Attempt attempt, boolean conversion) {
        lanes.compute(lane, (name, known) -> {
            Counts counts = known == null ? Counts.none() : known;
            counts.add(figure);
            if (attempt != null) {
                counts.add(attempt);
            }
            if (conversion) {
                counts.add(Figure.CONVERSION);
            }
            return counts;
        });
    }

    /** What was counted since the last time, by lane. */
    public Map<String, Counts> take() {
        Map<String, Counts> taken = new HashMap<>();
        for (String lane : lanes.keySet()) {
            Counts counts = lanes.remove(lane);
            if (counts != null) {
                taken.put(lane, counts);
            }
        }
        return taken;
    }

    /** As {@link #take}, and how long answers took stays here. */
    public Map<String, Counts> takeFigures() {
        Map<String, Counts> taken = new HashMap<>();
        for (String lane : lanes.keySet()) {
            lanes.computeIfPresent(lane, (name, counts) -> {
                if (!counts.figures.isEmpty()) {
                    taken.put(name, counts.withoutTimes());
                }
                return new Counts(new EnumMap<>(Figure.class), counts.times);
            });
        }
        return taken;
    }

    /** Gives back what was taken and could not be kept elsewhere. */
    public void putBack(String lane, Counts taken) {
        lanes.merge(lane, taken, (counts, more) -> {
            counts.addAll(more);
            return counts;
        });
    }
}
