package io.posthaste.metrics;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The attempts of one lane over the last 15 minutes, in steps of 30 s. Counted from any thread, closed by whoever ticks. */
final class LaneActivity {
    static final int STEP_SECONDS = 30;
    static final int STEPS = Activity.SECONDS / STEP_SECONDS;

    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger unsuccessful = new AtomicInteger();
    private final AtomicLong millis = new AtomicLong();

    private final int[] sentBySteps = new int[STEPS];
    private final int[] unsuccessfulBySteps = new int[STEPS];
    private final long[] millisBySteps = new long[STEPS];
    private int now;

    void attempted(boolean success, long elapsedMillis) {
        (success ? sent : unsuccessful).incrementAndGet();
        millis.addAndGet(elapsedMillis);
    }

    /** Moves what was counted since the last tick into the step that runs. */
    void tick() {
        sentBySteps[now] += sent.getAndSet(0);
        unsuccessfulBySteps[now] += unsuccessful.getAndSet(0);
        millisBySteps[now] += millis.getAndSet(0);
    }

    void nextStep() {
        now = (now + 1) % STEPS;
        sentBySteps[now] = 0;
        unsuccessfulBySteps[now] = 0;
        millisBySteps[now] = 0;
    }

    /** Whether 15 minutes passed without an attempt. */
    boolean isQuiet() {
        for (int step = 0; step < STEPS; step++) {
            if (sentBySteps[step] + unsuccessfulBySteps[step] > 0) {
                return false;
            }
        }
        return true;
    }

    Activity.Lane view() {
        int before = (now + STEPS - 1) % STEPS;
        int lately = sentBySteps[now] + sentBySteps[before];
        int troubled = unsuccessfulBySteps[now] + unsuccessfulBySteps[before];
        int attempts = lately + troubled;
        long mean = attempts == 0 ? -1 : (millisBySteps[now] + millisBySteps[before]) / attempts;
        return new Activity.Lane(lately, troubled, mean, inOrder(sentBySteps), inOrder(unsuccessfulBySteps));
    }

    private int[] inOrder(int[] steps) {
        int[] ordered = new int[STEPS];
        for (int i = 0; i < STEPS; i++) {
            ordered[i] = steps[(now + 1 + i) % STEPS];
        }
        return ordered;
    }
}
