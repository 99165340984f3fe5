package io.posthaste.queue;

import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the reply of claim.lua. A job that cannot be read is set aside with its reason and stops no other. */
final class ClaimDecoder {
    private final Instant expiresAt;
    private final List<Lease> leases = new ArrayList<>();
    private final List<Damaged> damaged = new ArrayList<>();
    private long token;

    /** A leased job that cannot be read; its lease says what little is known. */
    record Damaged(Lease lease, String reason) {}

    /** @param expiresAt end of all these leases on this machine's clock */
    ClaimDecoder(Instant expiresAt) {
        this.expiresAt = expiresAt;
    }

    /** @param idlePoll longest time the claim may promise to be idle */
    Claim decode(@Nullable Object reply, Duration idlePoll) {
        @Nullable Object[] parts = array(reply);
        token = Bytes.number(bytes(parts[3]));
        for (@Nullable Object chunk : array(parts[4])) {
            for (@Nullable Object entry : array(chunk)) {
                @Nullable Object[] pair = array(entry);
                read(Bytes.ascii(bytes(pair[0])), pair[1], Bytes.EMPTY, Bytes.EMPTY);
            }
        }
        @Nullable Object[] rest = array(parts[5]);
        for (int i = 0; i < rest.length; i += 4) {
            read(Bytes.ascii(bytes(rest[i])), rest[i + 1], bytes(rest[i + 2]), bytes(rest[i + 3]));
        }
        return new Claim(leases, idleFor(parts, idlePoll));
    }

    List<Damaged> damaged() {
        return damaged;
    }

    private void read(String entry, @Nullable Object text, byte[] state, byte[] lane) {
        JobState known = state.length == 0 ? JobState.NEW : JobState.decodeBriefly(state);
        try {
            JobBody body =
                    text instanceof byte[] parked ? JobBody.parked(entry, parked) : JobBody.of(entry, array(text));
            leases.add(new Lease(
                    body.job(),
                    entry,
                    token,
                    expiresAt,
                    known.attempts(),
                    known.firstAttemptAtMillis(),
                    known.attributesSet(),
                    body.frozen()));
        } catch (DamagedRecordException e) {
            damaged.add(new Damaged(unreadable(entry, Bytes.ascii(lane), known), String.valueOf(e.getMessage())));
        }
    }

    private Lease unreadable(String entry, String lane, JobState known) {
        Job job = new Job("", lane, lane, null, Bytes.EMPTY, "", false, Job.Results.ALL, JobBody.enqueuedAt(entry));
        return new Lease(
                job,
                entry,
                token,
                expiresAt,
                known.attempts(),
                known.firstAttemptAtMillis(),
                known.attributesSet(),
                null);
    }

    private static Duration idleFor(@Nullable Object[] parts, Duration idlePoll) {
        boolean more = Objects.equals(parts[2], 1L);
        long next = Bytes.number(bytes(parts[1]));
        if (more) {
            return Duration.ZERO;
        }
        long wait = Math.max(0, next - Bytes.number(bytes(parts[0])));
        return next < 0 || wait > idlePoll.toMillis() ? idlePoll : Duration.ofMillis(wait);
    }

    private static @Nullable Object[] array(@Nullable Object value) {
        return value instanceof Object[] array ? array : new Object[0];
    }

    private static byte[] bytes(@Nullable Object value) {
        return value instanceof byte[] bytes ? bytes : Bytes.EMPTY;
    }
}
