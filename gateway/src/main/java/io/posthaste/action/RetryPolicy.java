package io.posthaste.action;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How long an attempt may take and when the next one follows.
 *
 * @param name {@code standard}, {@code brisk} or {@code explicit}
 * @param timeout the total deadline of one attempt, from connecting to the last byte (M55)
 * @param delays the wait before retry 1, 2, …; as many retries as delays (M59, M60)
 * @param statuses answers that are tried again; each {@code 429} or a class like {@code 5xx} (M57)
 */
public record RetryPolicy(String name, Duration timeout, List<Duration> delays, List<String> statuses) {

    /** No policy may let one attempt take longer: leases outlast every attempt, and what a dead process held waits for its lease. */
    public static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

    private static final List<String> RETRYABLE = List.of("408", "409", "429", "5xx");

    /** 4 s, 10 retries over three hours (M60). */
    public static final RetryPolicy STANDARD = new RetryPolicy(
            "standard", Duration.ofSeconds(4), seconds(11, 21, 42, 84, 169, 338, 676, 1351, 2703, 5405), RETRYABLE);

    /** 16 s, 11 retries over one hour (M60). */
    public static final RetryPolicy BRISK = new RetryPolicy(
            "brisk", Duration.ofSeconds(16), seconds(2, 3, 7, 14, 29, 56, 112, 225, 451, 900, 1801), RETRYABLE);

    private static List<Duration> seconds(long... values) {
        return Arrays.stream(values).mapToObj(Duration::ofSeconds).toList();
    }
}
