package io.posthaste.job;

import org.jspecify.annotations.Nullable;

/**
 * What upstream asked for: run one action for one person. A job becomes one delivery, which keeps its id.
 *
 * @param id unique per delivery, 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 * @param lane the queue it waits in: the action's id, or the lane named beside an inline request
 * @param action id of the stored action, or null when {@code request} carries the action itself
 * @param request an inline action, or null
 * @param data the JSON object that templates read, as the producer wrote it; never modified after construction
 * @param enqueuedAtMillis when the producer's command ran, on Redis' clock
 */
public record Job(
        String id,
        String lane,
        @Nullable String action,
        @Nullable InlineRequest request,
        byte[] data,
        Terms terms,
        long enqueuedAtMillis) {

    /**
     * How the producer wants it done.
     *
     * @param key the idempotency key sent with every attempt (M22)
     * @param draft whether a draft was asked for instead of a delivery
     * @param results which entries this job puts on the results stream
     * @param by who asked for it, or null: shown, never sent (M86)
     * @param order the line it waits in: jobs of a lane with the same are attempted one at a time; null for none
     * @param trace the W3C trace context that its spans join, as the producer wrote it, or null
     */
    public record Terms(
            String key,
            boolean draft,
            Results results,
            @Nullable String by,
            @Nullable String order,
            @Nullable String trace) {
        /** In no line, and of no trace. */
        public Terms(String key, boolean draft, Results results, @Nullable String by) {
            this(key, draft, results, by, null, null);
        }

        /** A delivery whose story is told, under this idempotency key. */
        public static Terms of(String key) {
            return new Terms(key, false, Results.ALL, null);
        }
    }

    /** A job for a stored action. */
    public static Job of(String id, String action, byte[] data, Terms terms, long enqueuedAtMillis) {
        return new Job(id, action, action, null, data, terms, enqueuedAtMillis);
    }

    /** The same job with another {@code data}. */
    public Job with(byte[] otherData) {
        return new Job(id, lane, action, request, otherData, terms, enqueuedAtMillis);
    }

    /** The idempotency key sent with every attempt (M22). */
    public String key() {
        return terms.key();
    }

    /** How much of a delivery's story the producer wants on the results stream. */
    public enum Results {
        NONE,
        FINAL,
        ALL
    }
}
