package io.posthaste.queue;

import io.posthaste.job.Attempt;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Person;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arguments settle.lua takes for one job; their order is in its header. */
final class SettlementEncoder {
    private static final int REASON_BYTES = 512;

    private SettlementEncoder() {}

    static List<byte[]> encode(Settlement settlement) {
        Lease lease = settlement.lease();
        return switch (settlement.outcome()) {
            case Outcome.Delivered done -> sent(lease, done.attempt(), done.update());
            case Outcome.Retry again ->
                rest(lease, 'r', again.attempt(), again.attempt().reason(), again.delay(), again.frozen());
            case Outcome.Failed failed ->
                rest(lease, 'f', failed.attempt(), failed.reason(), Duration.ZERO, failed.frozen());
            case Outcome.Aborted aborted -> rest(lease, 'a', null, aborted.reason(), Duration.ZERO, null);
            case Outcome.Skipped skipped -> rest(lease, 'k', null, "action is off", Duration.ZERO, null);
            case Outcome.Drafted draft -> rest(lease, 'd', null, "", Duration.ZERO, draft.request());
            case Outcome.Released released -> rest(lease, 'l', null, "", released.delay(), null);
        };
    }

    private static List<byte[]> sent(Lease lease, Attempt attempt, @Nullable AttributeUpdate update) {
        return switch (update) {
            case null -> {
                AttributeUpdate.State before =
                        lease.attributesSet() ? AttributeUpdate.State.SET : AttributeUpdate.State.NONE;
                yield head(lease, 's', attempt, sentRecord(lease, attempt, "", before));
            }
            case AttributeUpdate.Change change -> {
                byte[] record = sentRecord(lease, attempt, "", AttributeUpdate.State.SET);
                yield withUpdate(head(lease, 'u', attempt, record), "", change.person(), change.set());
            }
            case AttributeUpdate.Failed failed -> {
                byte[] record = sentRecord(lease, attempt, failed.reason(), AttributeUpdate.State.FAILED);
                yield withUpdate(head(lease, 'u', attempt, record), failed.reason(), null, Bytes.EMPTY);
            }
        };
    }

    private static byte[] sentRecord(Lease lease, Attempt attempt, String reason, AttributeUpdate.State update) {
        return HistoryRecord.encode(lease.job(), DeliveryState.SENT, reason, update, attempt);
    }

    private static List<byte[]> withUpdate(List<byte[]> head, String problem, @Nullable Person person, byte[] set) {
        List<byte[]> arguments = new ArrayList<>(head);
        arguments.add(Bytes.atMost(REASON_BYTES, problem));
        arguments.add(person == null ? Bytes.EMPTY : Bytes.of(person.id()));
        arguments.add(Bytes.of(person == null ? 0 : person.version()));
        arguments.add(person == null ? Bytes.EMPTY : person.attributes());
        arguments.add(set);
        return arguments;
    }

    private static List<byte[]> rest(
            Lease lease,
            char kind,
            @Nullable Attempt attempt,
            String reason,
            Duration delay,
            @Nullable RenderedRequest frozen) {
        byte[] record = HistoryRecord.encode(lease.job(), stateIfEnded(kind), reason, AttributeUpdate.State.NONE, null);
        List<byte[]> arguments = new ArrayList<>(head(lease, kind, attempt, record));
        arguments.add(Bytes.atMost(REASON_BYTES, reason));
        arguments.add(Bytes.of(Math.max(0, delay.toMillis())));
        arguments.add(frozen == null ? Bytes.EMPTY : RequestCodec.encode(frozen));
        arguments.add(attempt == null ? Bytes.EMPTY : AttemptCodec.encode(attempt));
        return arguments;
    }

    private static List<byte[]> head(Lease lease, char kind, @Nullable Attempt attempt, byte[] record) {
        Job job = lease.job();
        return List.of(
                Bytes.of(lease.entry()),
                Bytes.of(lease.token()),
                Bytes.of(job.id()),
                Bytes.of(job.lane()),
                code(kind, job),
                Bytes.of(attempt == null ? lease.attempts() : attempt.number()),
                Bytes.of(attempt == null ? 0 : attempt.status()),
                Bytes.of(attempt == null ? 0 : attempt.elapsedMillis()),
                record);
    }

    private static byte[] code(char kind, Job job) {
        char mode = switch (job.results()) {
            case ALL -> 'a';
            case FINAL -> 'f';
            case NONE -> 'n';
        };
        return Bytes.of(job.action() == null ? "" + kind + mode + 'i' : "" + kind + mode);
    }

    /** A job that stays alive ends only when someone cancelled it meanwhile. */
    private static DeliveryState stateIfEnded(char kind) {
        return switch (kind) {
            case 'a' -> DeliveryState.ABORTED;
            case 'k' -> DeliveryState.SKIPPED;
            case 'f' -> DeliveryState.FAILED;
            default -> DeliveryState.CANCELLED;
        };
    }
}
