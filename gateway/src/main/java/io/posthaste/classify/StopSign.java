package io.posthaste.classify;

import io.posthaste.action.Action;
import io.posthaste.action.Action.OnGone;
import io.posthaste.job.Header;
import io.posthaste.job.Outcome;
import io.posthaste.job.Reply;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an answer says of all that is to come: 410, or a header {@code webhook-delivery}. The action decides what it stops. */
public sealed interface StopSign {
    /** Of an answer: {@code pause}, {@code resume-after=<seconds>} or {@code abort}. */
    String HEADER = "webhook-delivery";

    Pattern RESUME_AFTER = Pattern.compile("resume-after=(\\d{1,7})");
    int GONE = 410;

    /** Nothing. */
    record None() implements StopSign {}

    /** No more of this delivery. */
    record Abort() implements StopSign {}

    /**
     * No more for now.
     *
     * @param length null until somebody resumes it
     * @param reason one line for people
     */
    record Pause(@Nullable Duration length, String reason) implements StopSign {}

    static StopSign in(Reply reply) {
        if (!(reply instanceof Reply.Answered answer)) {
            return new None();
        }
        String said = value(answer.headers());
        Matcher resume = RESUME_AFTER.matcher(said);
        if (said.equals("abort")) {
            return new Abort();
        }
        if (resume.matches()) {
            return new Pause(Duration.ofSeconds(Long.parseLong(resume.group(1))), "the receiver said " + said);
        }
        if (said.equals("pause")) {
            return new Pause(null, "the receiver said pause");
        }
        return answer.status() == GONE ? new Pause(null, "the receiver answered 410") : new None();
    }

    private static String value(List<Header> headers) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(HEADER))
                .map(header -> header.value().strip())
                .findFirst()
                .orElse("");
    }

    /** What becomes of the delivery that was answered so. A success stays one. */
    default Outcome applied(Action action, Outcome outcome) {
        return switch (this) {
            case None none -> outcome;
            case Abort abort -> ended(outcome, "the receiver said abort");
            case Pause pause -> action.onGone() == OnGone.PAUSE ? kept(outcome) : ended(outcome, pause.reason());
        };
    }

    /** Whether the lane is to pause. */
    default @Nullable Pause pause(Action action) {
        return this instanceof Pause pause && action.onGone() == OnGone.PAUSE ? pause : null;
    }

    private static Outcome ended(Outcome outcome, String reason) {
        return outcome instanceof Outcome.Retry retry
                ? new Outcome.Failed(retry.attempt(), retry.attempt().reason() + " (" + reason + ")", retry.frozen())
                : outcome;
    }

    /** It waits with the others, and is the first to go on. */
    private static Outcome kept(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed && failed.attempt() != null) {
            return new Outcome.Retry(failed.attempt(), Duration.ZERO, failed.frozen());
        }
        return outcome instanceof Outcome.Retry retry
                ? new Outcome.Retry(retry.attempt(), Duration.ZERO, retry.frozen())
                : outcome;
    }
}
