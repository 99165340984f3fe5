package io.posthaste.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One claimed job: the right to attempt it, and to settle it, until the lease runs out.
 *
 * @param job the job
 * @param entry where its body lives: the id of its inbox entry, which also orders it
 * @param token the fencing token; only its holder may settle as anything but delivered
 * @param expiresAt end of the lease on this machine's clock, never later than Redis' own
 * @param attempts recorded attempts before this one, 0 on the first
 * @param firstAttemptAtMillis when the first attempt was recorded, 0 if none was
 * @param attributesSet whether an earlier life of this delivery was sent and set its attributes: not again (M73)
 * @param frozen the request as it was first rendered (M26), or null when nothing was sent yet
 * @param resent whether the receiver took it once already and somebody sent it again: its data are gone, and it sets
 *     nothing any more (M73)
 * @param reclaims how many earlier leases of it ran out without a settlement
 * @param kept whether more than its inbox entry is kept of the job, a parked body or a state, which goes when it ends
 */
public record Lease(
        Job job,
        String entry,
        long token,
        Instant expiresAt,
        int attempts,
        long firstAttemptAtMillis,
        boolean attributesSet,
        @Nullable RenderedRequest frozen,
        boolean resent,
        int reclaims,
        boolean kept) {

    /**
     * Whether a person looked at the draft and said send: it was rendered and never attempted. It is rendered anew,
     * because drafts may be days old (M81).
     */
    public boolean isApprovedDraft() {
        return frozen != null && firstAttemptAtMillis == 0;
    }

    /** The request that is sent again as it was (M26), or null when this attempt renders its own. */
    public @Nullable RenderedRequest unchanged() {
        return isApprovedDraft() ? null : frozen;
    }

    /** Bytes of what its job carries: the data, and the request if that is frozen or its own. */
    public long bytes() {
        long own = job.request() == null ? 0 : job.request().definition().length;
        return job.data().length + own + (frozen == null ? 0 : frozen.body().length);
    }

    /** The attempt this lease is for, counted from 1. */
    public int attempt() {
        return attempts + 1;
    }
}
