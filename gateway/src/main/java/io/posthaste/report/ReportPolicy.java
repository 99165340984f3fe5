package io.posthaste.report;

import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Reply;
import io.posthaste.store.reporting.ReportFeed.Told;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What a receiver's reply means for its events (M85): 2xx takes the event; some answers pause the webhook for an hour;
 * after anything else the same event is sent again, 1 s later and then twice as long each time, up to an hour.
 */
final class ReportPolicy {
    /** From connecting to the last byte of the answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(4);

    static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration LONGEST_DELAY = Duration.ofHours(1);
    private static final double JITTER = 0.1;

    private static final Set<Integer> PAUSING_STATUSES = Set.of(400, 401, 402, 403, 404, 405, 410, 429, 500, 502, 521);

    /** Refused, reset, ended too early, a certificate that does not verify; and an address that may not be dialled. */
    private static final Set<NoAnswerCause> PAUSING_TROUBLES = Set.of(
            NoAnswerCause.CONNECT,
            NoAnswerCause.RESET,
            NoAnswerCause.CERTIFICATE,
            NoAnswerCause.ADDRESS_NOT_PERMITTED,
            NoAnswerCause.INVALID_REQUEST);

    private final RandomGenerator random;
    private final double scale;

    /** @param scale every delay is divided by it; 1 outside of tests */
    ReportPolicy(RandomGenerator random, double scale) {
        this.random = random;
        this.scale = scale;
    }

    /** @param failures attempts in a row that failed before this one */
    Told judge(Reply reply, int failures) {
        return switch (reply) {
            case Reply.Answered answered -> judge(answered.status(), failures);
            case Reply.NoAnswer none -> failed(0, reason(none), PAUSING_TROUBLES.contains(none.cause()), failures);
        };
    }

    private Told judge(int status, int failures) {
        return status / 100 == 2
                ? new Told.Delivered(status)
                : failed(status, "HTTP " + status, PAUSING_STATUSES.contains(status), failures);
    }

    private Told failed(int status, String reason, boolean pauses, int failures) {
        return new Told.Failed(status, reason, scaled(pauses ? PAUSE : delay(failures)), pauses);
    }

    private Duration delay(int failures) {
        Duration doubled = Duration.ofSeconds(1L << Math.min(failures, 12));
        Duration capped = doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
        return Duration.ofMillis(Math.round(capped.toMillis() * (1 + JITTER * (2 * random.nextDouble() - 1))));
    }

    private Duration scaled(Duration delay) {
        return Duration.ofMillis(Math.max(1, Math.round(delay.toMillis() / scale)));
    }

    private static String reason(Reply.NoAnswer none) {
        return none.detail().isBlank()
                ? none.cause().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                : none.detail();
    }
}
