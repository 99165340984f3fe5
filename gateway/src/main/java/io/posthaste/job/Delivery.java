package io.posthaste.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as it can be looked up.
 *
 * @param action the stored action's id, or null for an inline request
 * @param key the idempotency key
 * @param attempts oldest first
 * @param nextAttemptAtMillis epoch milliseconds, or 0 when no attempt is due
 * @param reason why it stands where it stands, empty if there is nothing to say
 * @param attributeUpdate what became of the attributes that its answer was to set; when that failed, the reason says why
 * @param request the frozen request, or null when none is kept
 */
public record Delivery(
        String id,
        String lane,
        @Nullable String action,
        String key,
        DeliveryState state,
        List<Attempt> attempts,
        long enqueuedAtMillis,
        long nextAttemptAtMillis,
        long updatedAtMillis,
        String reason,
        AttributeUpdate.State attributeUpdate,
        @Nullable RenderedRequest request) {}
