package io.posthaste.metrics;

import io.posthaste.job.Attempt;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/** The attempts to one host: by how long they took, and by why they failed, minute by minute. Safe for any number of threads. */
final class HostAnswers {
    /** Reasons that are told apart in one minute, and what the others are called. */
    private static final int MOST_REASONS = 8;

    private static final String OTHERS = "other reasons";

    /** Characters. */
    private static final int LONGEST_REASON = 120;

    /** The minutes that ended, and an empty one for the one that runs. */
    private static final int MINUTES = HostActivity.MINUTES + 1;

    private final AtomicIntegerArray running = new AtomicIntegerArray(AnswerTimes.STEPS);
    private final int[][] ended = new int[MINUTES][AnswerTimes.STEPS];
    private final Map<String, int[]> errors = new HashMap<>();
    private int now;
    private HostActivity.@Nullable Failure last;

    void ended(boolean success, Attempt attempt) {
        running.incrementAndGet(AnswerTimes.step(attempt.elapsedMillis()));
        if (!success) {
            failed(attempt);
        }
    }

    private synchronized void failed(Attempt attempt) {
        String said = attempt.reason();
        String reason = said.length() <= LONGEST_REASON ? said : said.substring(0, LONGEST_REASON);
        String named = errors.containsKey(reason) || errors.size() < MOST_REASONS ? reason : OTHERS;
        errors.computeIfAbsent(named, first -> new int[MINUTES])[now]++;
        last = new HostActivity.Failure(reason, attempt.startedAtMillis() + attempt.elapsedMillis());
    }

    /** Answers whether nothing was attempted for as long as this looks back. */
    synchronized boolean endsMinute() {
        for (int step = 0; step < AnswerTimes.STEPS; step++) {
            ended[now][step] = running.getAndSet(step, 0);
        }
        boolean quiet = Arrays.stream(ended).flatMapToInt(Arrays::stream).allMatch(count -> count == 0);
        now = (now + 1) % MINUTES;
        Arrays.fill(ended[now], 0);
        errors.values().forEach(counts -> counts[now] = 0);
        errors.values().removeIf(counts -> Arrays.stream(counts).sum() == 0);
        return quiet;
    }

    synchronized HostActivity.Answers view() {
        long[] times = new long[AnswerTimes.STEPS];
        long attempts = 0;
        for (int step = 0; step < times.length; step++) {
            times[step] = running.get(step);
            for (int[] minute : ended) {
                times[step] += minute[step];
            }
            attempts += times[step];
        }
        Map<String, Long> counts = new HashMap<>();
        long failed = 0;
        for (Map.Entry<String, int[]> error : errors.entrySet()) {
            long count = Arrays.stream(error.getValue()).sum();
            counts.put(error.getKey(), count);
            failed += count;
        }
        return new HostActivity.Answers(attempts, Math.min(failed, attempts), times, counts, last);
    }
}
