package io.posthaste.deliver.limit;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import org.jspecify.annotations.Nullable;

/** What an outcome says of its host. Whether a host is in trouble is decided here, and nowhere else. */
sealed interface Heard {
    /** It took the request. */
    record Success(long elapsedMillis) implements Heard {}

    /** It said no, in a way that is the request's affair. */
    record Answer() implements Heard {}

    /** It answers, and asks for less: 429, 503. */
    record TooMuch() implements Heard {}

    /** There was no answer. */
    record Silence() implements Heard {}

    /** No attempt was made, or it was given up. */
    record Nothing() implements Heard {}

    /** Whether the host is there: it answered, whatever it said. */
    default boolean isAnswer() {
        return switch (this) {
            case Success success -> true;
            case Answer answer -> true;
            case TooMuch tooMuch -> true;
            case Silence silence -> false;
            case Nothing nothing -> false;
        };
    }

    static Heard of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered done -> new Success(done.attempt().elapsedMillis());
            case Outcome.Retry retry -> of(retry.attempt());
            case Outcome.Failed failed -> of(failed.attempt());
            case Outcome.Aborted stopped -> new Nothing();
            case Outcome.Skipped off -> new Nothing();
            case Outcome.Cancelled ended -> new Nothing();
            case Outcome.Drafted draft -> new Nothing();
            case Outcome.Released back -> new Nothing();
        };
    }

    private static Heard of(@Nullable Attempt attempt) {
        if (attempt == null) {
            return new Nothing();
        }
        return switch (attempt.status()) {
            case 0 -> new Silence();
            case 429, 503 -> new TooMuch();
            default -> new Answer();
        };
    }
}
