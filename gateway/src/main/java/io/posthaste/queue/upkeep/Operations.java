package io.posthaste.queue.upkeep;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What is done to many deliveries at a bounded rate, in the background. An operation lives in Redis: any instance does
 * its next step, a restart goes on where it stood, and starting the same one twice is starting it once.
 */
public interface Operations {

    /** What is done, and to which deliveries. */
    enum Kind {
        /** Failed ones are sent again. */
        RESEND,
        /** Drafts are sent. */
        SEND,
        /** Drafts are ended. */
        DISCARD,
        /** Retries that wait are ended. */
        CANCEL
    }

    /**
     * Which deliveries: all conditions must hold.
     *
     * @param action a stored action's id, or null for all
     * @param reason what the reason must contain, or null
     * @param sinceMillis failed or drafted since, 0 for any time
     * @param untilMillis failed or drafted until, 0 for now
     * @param perSecond 1 to 1,000
     * @param most when so many are done, it ends
     */
    record Selection(
            Kind kind,
            @Nullable String action,
            @Nullable String reason,
            long sinceMillis,
            long untilMillis,
            int perSecond,
            int most) {

        /** The same at another rate, and so many at most. */
        Selection share(int rate, int number) {
            return new Selection(kind, action, reason, sinceMillis, untilMillis, rate, number);
        }
    }

    /**
     * One operation.
     *
     * @param state running, done or cancelled
     */
    record Operation(
            String id, Scope scope, String state, Progress progress, long createdAtMillis, long updatedAtMillis) {

        /** What it does, and to which deliveries. */
        public record Scope(
                Kind kind,
                @Nullable String action,
                @Nullable String reason) {}

        /**
         * How far it is.
         *
         * @param matched how many matched when it was started, -1 when nobody counted
         * @param done how many it acted on so far
         */
        public record Progress(long matched, long done, int perSecond) {}
    }

    /** How many match now, or the most that would be done. */
    Mono<Long> count(Selection selection);

    /** Counts what matches and starts; empty when too many run already. */
    Mono<Operation> start(String id, Selection selection);

    /** Ends the retries of an action that wait, with this reason (M67). */
    Mono<Void> cancelRetries(String id, String action, String reason);

    Mono<Operation> find(String id);

    /** The last hundred, newest first. */
    Mono<List<Operation>> list();

    /** False: it is not running. */
    Mono<Boolean> cancel(String id);
}
