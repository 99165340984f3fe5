package io.posthaste.queue.record;

import io.posthaste.job.Attempt;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What changes about a living job, as the scripts keep it; the layout is {@code writeState} in state.lua.
 *
 * @param attempts recorded attempts since it was enqueued or sent again by hand
 * @param reclaims leases that ran out since it was enqueued or sent again by hand
 * @param attributesSet whether an earlier life of the delivery set its attributes
 * @param firstAttemptAtMillis 0 if none was recorded
 * @param changedAtMillis 0 if nothing changed since it was enqueued
 * @param log every recorded attempt, oldest first
 */
public record JobState(
        int attempts,
        int reclaims,
        boolean attributesSet,
        long firstAttemptAtMillis,
        long changedAtMillis,
        String reason,
        List<Attempt> log) {
    public static final JobState NEW = new JobState(0, 0, false, 0, 0, "", List.of());

    private static final int FIXED = 23;
    private static final int ATTRIBUTES_SET = 16;

    /** Text that is not a state reads as a new job's: attempts may then be repeated, but the job is not lost. */
    public static JobState decode(byte[] text) {
        return decode(text, true);
    }

    /** Without the log, which a claim has no use for. */
    public static JobState decodeBriefly(byte[] text) {
        return decode(text, false);
    }

    private static JobState decode(byte[] text, boolean whole) {
        if (text.length < FIXED || text[0] != 1) {
            return NEW;
        }
        ByteBuffer in = ByteBuffer.wrap(text);
        int attempts = in.getShort(1) & 0xFFFF;
        int reclaims = in.get(3) & 0xFF;
        boolean set = in.get(4) >= ATTRIBUTES_SET;
        long first = (long) in.getDouble(5);
        long changed = (long) in.getDouble(13);
        int reason = in.getShort(21) & 0xFFFF;
        if (!whole || FIXED + reason > text.length) {
            return new JobState(attempts, reclaims, set, first, changed, "", List.of());
        }
        in.position(FIXED);
        String why = Bytes.utf8(Bytes.take(in, reason));
        return new JobState(attempts, reclaims, set, first, changed, why, AttemptCodec.decodeAll(in));
    }
}
