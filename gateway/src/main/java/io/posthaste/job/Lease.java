package io.posthaste.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One claimed job: the right to attempt it, and to settle it, until the lease runs out.
 *
 * @param frozen the request as it was first rendered (M26), or null when nothing was sent yet
 * @param resent whether the receiver took it once already and somebody sent it again: its data are gone, and it sets
 *     nothing any more (M73)
 * @param kept whether more than its inbox entry is kept of the job, a parked body or a state, which goes when it ends
 */
public record Lease(Job job, Hold hold, Past past, @Nullable RenderedRequest frozen, boolean resent, boolean kept) {

    /**
     * What settling must show.
     *
     * @param shard the tag of the shard that it was claimed from
     * @param entry where the job's body lives: the id of its inbox entry, which also orders it
     * @param token the fencing token; only its holder may settle as anything but delivered
     * @param expiresAt end of the lease on this machine's clock, never later than Redis' own
     */
    public record Hold(String shard, String entry, long token, Instant expiresAt) {
        /** Leases come in so many lengths, and a token divided by it leaves the number of its own (tokens.lua). */
        private static final int LENGTHS = 64;

        /** Up to here a length's number is its seconds; from here on each is so much longer. */
        private static final int BY_SECONDS = 48;

        private static final int STEP_SECONDS = 40;

        /** How long the lease was given for. */
        public Duration length() {
            long number = token % LENGTHS;
            return Duration.ofSeconds(Math.min(number, BY_SECONDS) + Math.max(0, number - BY_SECONDS) * STEP_SECONDS);
        }
    }

    /**
     * What came before this lease.
     *
     * @param attempts recorded attempts, 0 on the first
     * @param firstAttemptAtMillis when the first attempt was recorded, 0 if none was
     * @param attributesSet whether an earlier life of this delivery was sent and set its attributes: not again (M73)
     * @param reclaims how many earlier leases of it ran out without a settlement
     */
    public record Past(int attempts, long firstAttemptAtMillis, boolean attributesSet, int reclaims) {
        /** Of a job that nobody attempted yet. */
        public static final Past NONE = new Past(0, 0, false, 0);
    }

    /** The first lease of a job. */
    public static Lease first(Job job, Hold hold) {
        return new Lease(job, hold, Past.NONE, null, false, false);
    }

    /**
     * Whether a person looked at the draft and said send: it was rendered and never attempted. It is rendered anew,
     * because drafts may be days old (M81).
     */
    public boolean isApprovedDraft() {
        return frozen != null && past.firstAttemptAtMillis() == 0;
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
        return past.attempts() + 1;
    }
}
