package io.posthaste.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one turn means for its job: all that settling needs to know. */
public sealed interface Outcome {
    /** The same with these details of its attempt, where it has one. */
    default Outcome with(Attempt.Details details) {
        return switch (this) {
            case Delivered done ->
                new Delivered(done.attempt.with(details), done.request, done.conversion, done.update);
            case Retry again -> new Retry(again.attempt.with(details), again.delay, again.frozen);
            case Failed failed -> {
                Attempt last = failed.attempt;
                yield last == null ? this : new Failed(last.with(details), failed.reason, failed.frozen);
            }
            case Aborted none -> this;
            case Skipped none -> this;
            case Cancelled none -> this;
            case Drafted none -> this;
            case Released none -> this;
        };
    }

    /**
     * The receiver took the request: any 2xx (M56).
     *
     * @param request what it took, for those who look it up
     * @param conversion whether it counts for the campaign's goal (M83)
     * @param update what the answer does to the person, or null when the action sets no attributes
     */
    record Delivered(
            Attempt attempt,
            RenderedRequest request,
            boolean conversion,
            @Nullable AttributeUpdate update) implements Outcome {
        public Delivered(Attempt attempt, RenderedRequest request, boolean conversion) {
            this(attempt, request, conversion, null);
        }

        public Delivered with(AttributeUpdate update) {
            return new Delivered(attempt, request, conversion, update);
        }
    }

    /**
     * Send the same bytes again after {@code delay}; this attempt counts.
     *
     * @param frozen the request to keep, or null when it is kept already
     */
    record Retry(Attempt attempt, Duration delay, @Nullable RenderedRequest frozen) implements Outcome {}

    /**
     * Never sent again by itself; kept for inspection and re-sending until its retention ends.
     *
     * @param attempt the last attempt, or null when nothing was sent: the template or the action is at fault
     * @param reason one line for people: {@code HTTP 404}, {@code unknown action}, {@code Variable 'customer.x' is missing}
     * @param frozen the request to keep, or null when it is kept already or never came to be
     */
    record Failed(
            @Nullable Attempt attempt,
            String reason,
            @Nullable RenderedRequest frozen) implements Outcome {}

    /** The template decided not to send (P1). */
    record Aborted(String reason) implements Outcome {}

    /** The action is switched off (M3). */
    record Skipped() implements Outcome {}

    /** A pending retry that shall not happen any more (M67). */
    record Cancelled(String reason) implements Outcome {}

    /**
     * Kept until someone sends or discards it (M78).
     *
     * @param holds whether the person waits for it: its answer sets attributes (M79)
     */
    record Drafted(RenderedRequest request, boolean holds) implements Outcome {}

    /** Given back untouched: nothing was sent and no attempt counts. */
    record Released(Duration delay) implements Outcome {}
}
