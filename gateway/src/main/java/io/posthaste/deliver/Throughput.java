package io.posthaste.deliver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many deliveries in flight are of use: twice the rate of late times the latency that answers have while nothing
 * queues. What is beyond waits in this process, on the network or at the receivers, and makes nothing faster.
 *
 * <p>After TCP's BBR: the rate is the highest of the last ten seconds. The latency is the lowest mean of as long; when it
 * gets old, fewer are let fly for a moment, so that whatever queues drains and it shows again. Belongs to the loop's
 * thread. Times are nanoseconds.
 */
final class Throughput {
    private static final long REMEMBERED = Duration.ofSeconds(10).toNanos();
    /** Answers come in bursts, whose rate nobody keeps up. */
    private static final long SHORTEST_SAMPLE = Duration.ofSeconds(1).toNanos();

    /** A mean of fewer says little where answers have a long tail. */
    private static final int LEAST_ANSWERS = 64;

    private static final double GAIN = 2;
    private static final double DRAIN = 0.75;

    private final Deque<Rate> rates = new ArrayDeque<>();
    private long answersBefore;
    private long elapsedBefore;
    private long sampledAt;
    private double latency;
    private long latencyAt;
    private long drainsSince;

    /** @param perNano deliveries */
    private record Rate(double perNano, long at) {}

    /**
     * @param answers deliveries since the start
     * @param elapsedMillis that they took, all together
     */
    void follow(long answers, long elapsedMillis, long now) {
        long answered = answers - answersBefore;
        long length = now - sampledAt;
        if (length < SHORTEST_SAMPLE || answered < LEAST_ANSWERS) {
            return;
        }
        rates.addLast(new Rate((double) answered / length, now));
        rates.removeIf(rate -> now - rate.at() > REMEMBERED);
        follow(1e6 * Math.max(1, elapsedMillis - elapsedBefore) / answered, now);
        answersBefore = answers;
        elapsedBefore = elapsedMillis;
        sampledAt = now;
    }

    private void follow(double mean, long now) {
        boolean drained = drainsSince != 0 && now - drainsSince > GAIN * mean;
        if (latency == 0 || mean <= latency || drained) {
            latency = mean;
            latencyAt = now;
            drainsSince = 0;
        } else if (drainsSince == 0 && now - latencyAt > REMEMBERED) {
            drainsSince = now;
        }
    }

    @Override
    public String toString() {
        return "latency " + (long) (latency / 1e6) + " draining " + (drainsSince != 0);
    }

    /** Deliveries in flight; 0 while nothing is known. */
    double useful() {
        double rate = rates.stream().mapToDouble(Rate::perNano).max().orElse(0);
        return (drainsSince == 0 ? GAIN : DRAIN) * rate * latency;
    }
}
