package io.posthaste.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as it can be looked up.
 *
 * @param action the stored action's id, or null for an inline request
 * @param key the idempotency key
 * @param by who asked for it, or null
 * @param attempts oldest first
 * @param nextAttemptAtMillis epoch milliseconds, or 0 when no attempt is due
 * @param reason why it stands where it stands, empty if there is nothing to say
 * @param attributeUpdate what became of the attributes that its answer was to set; when that failed, the reason says why
 * @param resent whether the receiver took it once already, before it was sent again by hand
 * @param request the request as it was or will be sent, or null when none is kept
 */
public record Delivery(
        String id,
        String lane,
        @Nullable String action,
        String key,
        @Nullable String by,
        DeliveryState state,
        List<Attempt> attempts,
        long enqueuedAtMillis,
        long nextAttemptAtMillis,
        long updatedAtMillis,
        String reason,
        AttributeUpdate.State attributeUpdate,
        boolean resent,
        @Nullable RenderedRequest request) {

    /** The same with this request. */
    public Delivery with(@Nullable RenderedRequest kept) {
        return new Delivery(
                id,
                lane,
                action,
                key,
                by,
                state,
                attempts,
                enqueuedAtMillis,
                nextAttemptAtMillis,
                updatedAtMillis,
                reason,
                attributeUpdate,
                resent,
                kept);
    }
}
