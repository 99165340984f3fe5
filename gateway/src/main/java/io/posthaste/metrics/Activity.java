package io.posthaste.metrics;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What this process did in the last 15 minutes, second by second and lane by lane, for people who watch. Recording an
 * attempt is a look-up and five atomic additions; memory is bounded whatever comes.
 */
public final class Activity {
    /** How far back the past goes. */
    public static final int SECONDS = 900;

    /** Lanes with attempts that are told apart; those beyond count in the totals only, until others fall quiet. */
    private static final int MOST_LANES = 1_000;

    private final AtomicInteger delivered = new AtomicInteger();
    private final AtomicInteger retried = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final LatencyCounts answers = new LatencyCounts();
    private final LatencyCounts arrivals = new LatencyCounts();
    private final ConcurrentHashMap<String, LaneActivity> lanes = new ConcurrentHashMap<>();
    private final Deque<Second> past = new ArrayDeque<>(SECONDS);
    private long ticks;

    /**
     * The queue at the end of a second.
     *
     * @param waiting jobs that are due and not in flight
     * @param oldestWaitingMillis how long the first of them has been due
     */
    public record Levels(long inFlight, long waiting, long oldestWaitingMillis) {}

    /**
     * One second.
     *
     * @param at its end, epoch milliseconds
     * @param delivered attempts that were answered 2xx; {@code retried}, {@code failed}: those that were not
     * @param answer how long receivers took, over the last 10 s
     * @param arrival from the producer's command to the receiver's 2xx, over the last 10 s
     */
    public record Second(
            long at, int delivered, int retried, int failed, Percentiles answer, Percentiles arrival, Levels levels) {}

    /**
     * One lane.
     *
     * @param sent attempts answered 2xx in the last minute; {@code unsuccessful}: those that were not
     * @param meanMillis of their answers, -1 when there were none
     * @param sentSteps the last 15 minutes in steps of 30 s, oldest first; so is {@code unsuccessfulSteps}
     */
    public record Lane(int sent, int unsuccessful, long meanMillis, int[] sentSteps, int[] unsuccessfulSteps) {}

    /** Records what was settled; from any thread. */
    public void settled(String lane, Outcome outcome, long sinceEnqueuedMillis) {
        switch (outcome) {
            case Outcome.Delivered done -> {
                delivered.incrementAndGet();
                arrivals.record(sinceEnqueuedMillis);
                attempted(lane, true, done.attempt());
            }
            case Outcome.Retry later -> {
                retried.incrementAndGet();
                attempted(lane, false, later.attempt());
            }
            case Outcome.Failed dead -> {
                failed.incrementAndGet();
                attempted(lane, false, dead.attempt());
            }
            case Outcome.Aborted stopped -> {}
            case Outcome.Skipped off -> {}
            case Outcome.Cancelled ended -> {}
            case Outcome.Drafted draft -> {}
            case Outcome.Released back -> {}
        }
    }

    private void attempted(String lane, boolean success, @Nullable Attempt attempt) {
        long elapsed = attempt == null ? 0 : attempt.elapsedMillis();
        if (attempt != null) {
            answers.record(elapsed);
        }
        LaneActivity known = lanes.get(lane);
        if (known == null && lanes.size() < MOST_LANES) {
            known = lanes.computeIfAbsent(lane, name -> new LaneActivity());
        }
        if (known != null) {
            known.attempted(success, elapsed);
        }
    }

    /** Ends the running second; called once a second by one thread. */
    public synchronized Second tick(long atMillis, Levels levels) {
        lanes.values().forEach(LaneActivity::tick);
        if (++ticks % LaneActivity.STEP_SECONDS == 0) {
            lanes.values().removeIf(LaneActivity::isQuiet);
            lanes.values().forEach(LaneActivity::nextStep);
        }
        Second second = new Second(
                atMillis,
                delivered.getAndSet(0),
                retried.getAndSet(0),
                failed.getAndSet(0),
                answers.tick(),
                arrivals.tick(),
                levels);
        if (past.size() == SECONDS) {
            past.removeFirst();
        }
        past.addLast(second);
        return second;
    }

    /** The seconds of the last 15 minutes, oldest first. */
    public synchronized List<Second> past() {
        return List.copyOf(past);
    }

    /** The lanes that had attempts in the last 15 minutes, by name. */
    public synchronized Map<String, Lane> lanes() {
        Map<String, Lane> views = new LinkedHashMap<>();
        lanes.forEach((name, lane) -> views.put(name, lane.view()));
        return views;
    }
}
