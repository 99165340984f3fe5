package io.posthaste.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as it can be looked up.
 *
 * @param attempts oldest first
 * @param resent whether the receiver took it once already, before it was sent again by hand
 * @param request the request as it was or will be sent, or null when none is kept
 */
public record Delivery(
        String id,
        Asked asked,
        Recipient recipient,
        Standing standing,
        List<Attempt> attempts,
        boolean resent,
        @Nullable RenderedRequest request) {

    /**
     * What was asked for.
     *
     * @param action the stored action's id, or null for an inline request
     * @param key the idempotency key
     * @param by who asked for it, or null
     * @param order the line it is in, or null
     * @param enqueuedAtMillis epoch milliseconds
     */
    public record Asked(
            String lane,
            @Nullable String action,
            String key,
            @Nullable String by,
            @Nullable String order,
            long enqueuedAtMillis) {}

    /**
     * Where it stands. Times are epoch milliseconds.
     *
     * @param reason why it stands there, empty if there is nothing to say
     * @param nextAttemptAtMillis 0 when no attempt is due
     * @param behind the delivery that has to end first, because it is the first of the line; empty for none
     * @param attributeUpdate what became of the attributes that its answer was to set; when that failed, the reason
     *     says why
     */
    public record Standing(
            DeliveryState state,
            String reason,
            long nextAttemptAtMillis,
            long updatedAtMillis,
            AttributeUpdate.State attributeUpdate,
            String behind) {
        /** Of its turn, or in no line. */
        public Standing(
                DeliveryState state,
                String reason,
                long nextAttemptAtMillis,
                long updatedAtMillis,
                AttributeUpdate.State attributeUpdate) {
            this(state, reason, nextAttemptAtMillis, updatedAtMillis, attributeUpdate, "");
        }
    }

    public String lane() {
        return asked.lane();
    }

    public @Nullable String action() {
        return asked.action();
    }

    public String key() {
        return asked.key();
    }

    public @Nullable String by() {
        return asked.by();
    }

    public @Nullable String order() {
        return asked.order();
    }

    public long enqueuedAtMillis() {
        return asked.enqueuedAtMillis();
    }

    public DeliveryState state() {
        return standing.state();
    }

    public String reason() {
        return standing.reason();
    }

    public long nextAttemptAtMillis() {
        return standing.nextAttemptAtMillis();
    }

    public long updatedAtMillis() {
        return standing.updatedAtMillis();
    }

    public AttributeUpdate.State attributeUpdate() {
        return standing.attributeUpdate();
    }

    /** The same with this request. */
    public Delivery with(@Nullable RenderedRequest kept) {
        return new Delivery(id, asked, recipient, standing, attempts, resent, kept);
    }
}
