package io.posthaste.queue;

import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.DamagedRecordException;
import io.posthaste.queue.record.FrozenRequests;
import io.posthaste.queue.record.JobBody;
import io.posthaste.queue.record.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the reply of claim.lua. A job that cannot be read is set aside with its reason and stops no other. */
final class ClaimDecoder {
    private static final Duration NOTHING_WAITS = Duration.ofDays(1);

    private final String shard;
    private final Instant claimedAt;
    private final FrozenRequests requests;
    private final List<Lease> leases = new ArrayList<>();
    private final List<Damaged> damaged = new ArrayList<>();
    private long nowMillis;
    private String cursor = "0-0";
    private List<String> setAside = List.of();

    /** A leased job that cannot be read; its lease says what little is known. */
    record Damaged(Lease lease, String reason) {}

    /**
     * @param shard the tag of the one that was asked
     * @param claimedAt when the claim was sent, on this machine's clock
     */
    ClaimDecoder(String shard, Instant claimedAt, FrozenRequests requests) {
        this.shard = shard;
        this.claimedAt = claimedAt;
        this.requests = requests;
    }

    Claim decode(@Nullable Object reply) {
        @Nullable Object[] parts = array(reply);
        nowMillis = Bytes.number(bytes(parts[0]));
        for (@Nullable Object leased : array(parts[3])) {
            @Nullable Object[] entries = array(leased);
            long token = Bytes.number(bytes(entries[0]));
            for (int i = 1; i < entries.length; i++) {
                @Nullable Object[] pair = array(entries[i]);
                read(Bytes.ascii(bytes(pair[0])), token, pair[1], Bytes.EMPTY, Bytes.EMPTY);
            }
        }
        @Nullable Object[] rest = array(parts[4]);
        for (int i = 0; i < rest.length; i += 5) {
            long token = Bytes.number(bytes(rest[i + 1]));
            read(Bytes.ascii(bytes(rest[i])), token, rest[i + 2], bytes(rest[i + 3]), bytes(rest[i + 4]));
        }
        cursor = Bytes.ascii(bytes(parts[5]));
        setAside = Arrays.stream(array(parts[6]))
                .map(name -> Bytes.ascii(bytes(name)))
                .toList();
        return new Claim(leases, idleFor(parts));
    }

    /** The last inbox entry that any claim took in. */
    String cursor() {
        return cursor;
    }

    /** Keys that were not of their type and entries without a readable body, which the script put out of the way. */
    List<String> setAside() {
        return setAside;
    }

    List<Damaged> damaged() {
        return damaged;
    }

    private void read(String entry, long token, @Nullable Object text, byte[] state, byte[] lane) {
        JobState known = state.length == 0 ? JobState.NEW : JobState.decodeBriefly(state);
        try {
            JobBody body = text instanceof byte[] parked
                    ? JobBody.parked(entry, parked, requests)
                    : JobBody.of(entry, array(text));
            boolean kept = text instanceof byte[] || state.length > 0;
            leases.add(new Lease(body.job(), hold(entry, token), past(known), body.frozen(), body.resent(), kept));
        } catch (DamagedRecordException e) {
            damaged.add(
                    new Damaged(unreadable(entry, token, Bytes.ascii(lane), known), String.valueOf(e.getMessage())));
        }
    }

    private Lease unreadable(String entry, long token, String lane, JobState known) {
        Job job = Job.of("", lane, Bytes.EMPTY, Job.Terms.of(""), JobBody.enqueuedAt(entry));
        return new Lease(job, hold(entry, token), past(known), null, false, true);
    }

    /** Never later than in Redis: counted from before the claim left, and lengths are whole seconds. */
    private Lease.Hold hold(String entry, long token) {
        return new Lease.Hold(shard, entry, token, claimedAt.plusSeconds((token / 1_000 - nowMillis) / 1_000));
    }

    private static Lease.Past past(JobState known) {
        return new Lease.Past(known.attempts(), known.firstAttemptAtMillis(), known.attributesSet(), known.reclaims());
    }

    private static Duration idleFor(@Nullable Object[] parts) {
        boolean more = Objects.equals(parts[2], 1L);
        long next = Bytes.number(bytes(parts[1]));
        if (more) {
            return Duration.ZERO;
        }
        return next < 0 ? NOTHING_WAITS : Duration.ofMillis(Math.max(0, next - Bytes.number(bytes(parts[0]))));
    }

    private static @Nullable Object[] array(@Nullable Object value) {
        return value instanceof Object[] array ? array : new Object[0];
    }

    private static byte[] bytes(@Nullable Object value) {
        return value instanceof byte[] bytes ? bytes : Bytes.EMPTY;
    }
}
