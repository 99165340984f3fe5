package io.posthaste.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one turn means for its job: all that settling needs to know. */
public sealed interface Outcome {

    /**
     * The receiver took the request: any 2xx (M56).
     *
     * @param update what the answer does to the person, or null when the action sets no attributes
     */
    record Delivered(Attempt attempt, @Nullable AttributeUpdate update) implements Outcome {
        public Delivered(Attempt attempt) {
            this(attempt, null);
        }

        public Delivered with(AttributeUpdate update) {
            return new Delivered(attempt, update);
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

    /** Kept until someone sends or discards it (M78). */
    record Drafted(RenderedRequest request) implements Outcome {}

    /** Given back untouched: nothing was sent and no attempt counts. */
    record Released(Duration delay) implements Outcome {}
}
