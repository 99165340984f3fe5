package io.posthaste.queue.browse;

import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Job;
import io.posthaste.job.Recipient;
import io.posthaste.job.RenderedRequest;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.DamagedRecordException;
import io.posthaste.queue.record.FrozenRequests;
import io.posthaste.queue.record.JobBody;
import io.posthaste.queue.record.JobState;
import io.posthaste.subject.CustomerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What find.lua answers, as a delivery. */
record FoundDelivery(FrozenRequests requests) {
    private static final String HELD = "held";

    /** Null when no such delivery is known. */
    @Nullable
    Delivery decode(@Nullable Object[] reply) {
        String where = text(reply[0]);
        return switch (where) {
            case "none" -> null;
            default ->
                alive(
                        where,
                        text(reply[1]),
                        (long) Double.parseDouble(text(reply[2])),
                        reply[3],
                        bytes(reply[4]),
                        text(reply[5]));
        };
    }

    /** The job itself, as it lies in Redis; null when it is not alive or cannot be read. */
    @Nullable
    JobBody body(@Nullable Object[] reply) {
        if (text(reply[0]).equals("none")) {
            return null;
        }
        try {
            return body(text(reply[1]), reply[3]);
        } catch (DamagedRecordException e) {
            return null;
        }
    }

    private JobBody body(String entry, @Nullable Object text) {
        return text instanceof byte[] parked
                ? JobBody.parked(entry, parked, requests)
                : JobBody.of(entry, text instanceof Object[] fields ? fields : new Object[0]);
    }

    /**
     * @param score what the set it is in holds for it: due time, end of lease, or when it failed or was drafted
     * @param behind the first of its line, or empty
     */
    private Delivery alive(String where, String entry, long score, @Nullable Object text, byte[] state, String behind) {
        JobState known = JobState.decode(state);
        try {
            return of(body(entry, text), standing(where, known), where.equals(HELD) ? 0 : score, known, behind);
        } catch (DamagedRecordException e) {
            long enqueued = JobBody.enqueuedAt(entry);
            Job job = new Job("", "", null, null, Bytes.EMPTY, Job.Terms.of(""), enqueued);
            return of(new JobBody(job, null, false), standing(where, known), score, known, behind);
        }
    }

    private static Delivery of(JobBody body, DeliveryState state, long score, JobState known, String behind) {
        Job job = body.job();
        boolean waits = state == DeliveryState.QUEUED || state == DeliveryState.RETRYING;
        long changed = known.changedAtMillis() == 0 ? job.enqueuedAtMillis() : known.changedAtMillis();
        String reason = known.reason().isEmpty() && !known.log().isEmpty()
                ? known.log().getLast().reason()
                : known.reason();
        return new Delivery(
                job.id(),
                new Delivery.Asked(
                        job.lane(),
                        job.action(),
                        job.key(),
                        job.terms().by(),
                        job.terms().order(),
                        job.enqueuedAtMillis()),
                recipient(body),
                new Delivery.Standing(
                        state,
                        reason,
                        waits ? score : 0,
                        changed,
                        known.attributesSet() ? AttributeUpdate.State.SET : AttributeUpdate.State.NONE,
                        behind),
                List.copyOf(known.log()),
                body.resent(),
                body.frozen());
    }

    private static Recipient recipient(JobBody body) {
        RenderedRequest request = body.frozen();
        return new Recipient(CustomerId.of(body.job().data()), request == null ? "" : request.host());
    }

    private static DeliveryState standing(String where, JobState known) {
        return switch (where) {
            case "leased" -> DeliveryState.SENDING;
            case "failed" -> DeliveryState.FAILED;
            case "drafted" -> DeliveryState.DRAFTED;
            default -> known.attempts() > 0 ? DeliveryState.RETRYING : DeliveryState.QUEUED;
        };
    }

    private static byte[] bytes(@Nullable Object value) {
        return value instanceof byte[] bytes ? bytes : Bytes.EMPTY;
    }

    private static String text(@Nullable Object value) {
        return Bytes.utf8(bytes(value));
    }
}
