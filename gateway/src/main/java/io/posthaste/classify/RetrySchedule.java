package io.posthaste.classify;

import io.posthaste.action.RetryPolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When an attempt that failed is made again: the policy's delay, varied by up to 10 % either way so that what failed
 * together does not return together (M60). A longer {@code Retry-After} wins, up to one hour and to what is left of the
 * delivery's life (M61).
 */
public final class RetrySchedule {
    /** How far a delay may lie from the policy's, as a share of it. */
    public static final double JITTER = 0.1;

    /** The longest wait a receiver may ask for. */
    static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private final RandomGenerator random;
    private final double jitter;
    private final double scale;

    /**
     * @param random asked once for each delay, by whichever thread settles the attempt
     * @param jitter {@link #JITTER}, or 0 for exactly the policy's delays
     * @param scale every delay is divided by it; 1 outside of tests
     */
    public RetrySchedule(RandomGenerator random, double jitter, double scale) {
        this.random = random;
        this.jitter = jitter;
        this.scale = scale;
    }

    /**
     * The wait before retry {@code retry}, measured from the end of the attempt before it.
     *
     * @param retry counted from 1; at most {@code policy.delays().size()}
     */
    public Duration delay(RetryPolicy policy, int retry) {
        double factor = 1 + jitter * (2 * random.nextDouble() - 1);
        return scaled(policy.delays().get(retry - 1), factor / scale);
    }

    /**
     * The same, when the receiver asked for {@code retryAfter}.
     *
     * @param age how long ago the first attempt began
     */
    Duration delay(RetryPolicy policy, int retry, Duration retryAfter, Duration age) {
        Duration asked = scaled(shorter(retryAfter, LONGEST_RETRY_AFTER), 1 / scale);
        Duration left = life(policy).minus(age);
        return longer(delay(policy, retry), shorter(asked, left));
    }

    /** All delays, and every attempt as slow as it may be: 10,844 s for the standard policy. */
    private Duration life(RetryPolicy policy) {
        Duration waiting = policy.delays().stream().reduce(Duration.ZERO, Duration::plus);
        return scaled(waiting, 1 / scale)
                .plus(policy.timeout().multipliedBy(policy.delays().size() + 1L));
    }

    private static Duration scaled(Duration duration, double factor) {
        return Duration.ofMillis(Math.round(duration.toMillis() * factor));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
