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
import io.posthaste.queue.record.AttemptCodec;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.FrozenRequests;
import io.posthaste.queue.record.HistoryRecord;
import io.posthaste.queue.record.SentRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arguments settle.lua takes for one job; their order is in its header. */
final class SettlementEncoder {
    private static final int REASON_BYTES = 512;

    private final FrozenRequests requests;
    private final boolean keepsRequests;

    /** @param keepsRequests whether what was sent is kept, to be looked up and sent again */
    SettlementEncoder(FrozenRequests requests, boolean keepsRequests) {
        this.requests = requests;
        this.keepsRequests = keepsRequests;
    }

    /**
     * @param arguments of the script
     * @param sentAs what the delivery was sent as; empty when it was not, or is not kept
     */
    record Encoded(List<byte[]> arguments, byte[] sentAs) {}

    Encoded encode(Settlement settlement) {
        List<byte[]> arguments = outcome(settlement);
        byte[] report = settlement.report();
        if (report != null) {
            arguments.add(report);
        }
        return new Encoded(arguments, sentAs(settlement));
    }

    private byte[] sentAs(Settlement settlement) {
        return keepsRequests && settlement.outcome() instanceof Outcome.Delivered done
                ? SentRequest.encode(done.request(), settlement.lease().job(), requests)
                : Bytes.EMPTY;
    }

    private List<byte[]> outcome(Settlement settlement) {
        return switch (settlement.outcome()) {
            case Outcome.Delivered done -> sent(settlement, done);
            case Outcome.Retry again ->
                rest(settlement, 'r', again.attempt(), again.attempt().reason(), again.delay(), again.frozen());
            case Outcome.Failed failed ->
                rest(settlement, 'f', failed.attempt(), failed.reason(), Duration.ZERO, failed.frozen());
            case Outcome.Aborted aborted -> rest(settlement, 'a', null, aborted.reason(), Duration.ZERO, null);
            case Outcome.Skipped skipped -> rest(settlement, 'k', null, "action is off", Duration.ZERO, null);
            case Outcome.Cancelled ended -> rest(settlement, 'c', null, ended.reason(), Duration.ZERO, null);
            case Outcome.Drafted draft -> rest(settlement, 'd', null, "", Duration.ZERO, draft.request());
            case Outcome.Released released -> rest(settlement, 'l', null, "", released.delay(), null);
        };
    }

    private List<byte[]> sent(Settlement settlement, Outcome.Delivered done) {
        Lease lease = settlement.lease();
        return switch (done.update()) {
            case null -> {
                AttributeUpdate.State before =
                        lease.past().attributesSet() ? AttributeUpdate.State.SET : AttributeUpdate.State.NONE;
                yield head(settlement, 's', done.attempt(), sentRecord(settlement, done, "", before));
            }
            case AttributeUpdate.Change change -> {
                byte[] record = sentRecord(settlement, done, "", AttributeUpdate.State.SET);
                yield withUpdate(head(settlement, 'u', done.attempt(), record), "", change.person(), change.set());
            }
            case AttributeUpdate.Failed failed -> {
                byte[] record = sentRecord(settlement, done, failed.reason(), AttributeUpdate.State.FAILED);
                yield withUpdate(head(settlement, 'u', done.attempt(), record), failed.reason(), null, Bytes.EMPTY);
            }
        };
    }

    private static byte[] sentRecord(
            Settlement settlement, Outcome.Delivered done, String reason, AttributeUpdate.State update) {
        Job job = settlement.lease().job();
        return HistoryRecord.encode(job, settlement.recipient(), DeliveryState.SENT, reason, update, done.attempt());
    }

    private static List<byte[]> withUpdate(
            List<byte[]> arguments, String problem, @Nullable Person person, byte[] set) {
        arguments.add(Bytes.atMost(REASON_BYTES, problem));
        arguments.add(person == null ? Bytes.EMPTY : Bytes.of(person.id()));
        arguments.add(Bytes.of(person == null ? 0 : person.version()));
        arguments.add(person == null ? Bytes.EMPTY : person.attributes());
        arguments.add(set);
        return arguments;
    }

    private List<byte[]> rest(
            Settlement settlement,
            char kind,
            @Nullable Attempt attempt,
            String reason,
            Duration delay,
            @Nullable RenderedRequest frozen) {
        byte[] record = HistoryRecord.encode(
                settlement.lease().job(),
                settlement.recipient(),
                stateIfEnded(kind),
                reason,
                AttributeUpdate.State.NONE,
                null);
        List<byte[]> arguments = head(settlement, kind, attempt, record);
        arguments.add(Bytes.atMost(REASON_BYTES, reason));
        arguments.add(Bytes.of(Math.max(0, delay.toMillis())));
        arguments.add(
                frozen == null
                        ? Bytes.EMPTY
                        : requests.encode(settlement.lease().job().id(), frozen));
        arguments.add(attempt == null ? Bytes.EMPTY : AttemptCodec.encode(attempt));
        return arguments;
    }

    private static List<byte[]> head(Settlement settlement, char kind, @Nullable Attempt attempt, byte[] record) {
        Lease lease = settlement.lease();
        Job job = lease.job();
        List<byte[]> arguments = new ArrayList<>(16);
        arguments.add(Bytes.of(lease.hold().entry()));
        arguments.add(Bytes.of(lease.hold().token()));
        arguments.add(Bytes.of(job.id()));
        arguments.add(Bytes.of(job.lane()));
        arguments.add(code(kind, settlement));
        arguments.add(Bytes.of(attempt == null ? lease.past().attempts() : attempt.number()));
        arguments.add(Bytes.of(attempt == null ? 0 : attempt.status()));
        arguments.add(Bytes.of(attempt == null ? 0 : attempt.elapsedMillis()));
        arguments.add(record);
        return arguments;
    }

    private static byte[] code(char kind, Settlement settlement) {
        Job job = settlement.lease().job();
        char mode = switch (job.terms().results()) {
            case ALL -> 'a';
            case FINAL -> 'f';
            case NONE -> 'n';
        };
        String mark = mark(settlement.outcome());
        char place = job.action() == null ? 'i' : '-';
        char kept = settlement.lease().kept() ? 'k' : '-';
        return Bytes.of("" + kind + mode + place + kept + mark + (settlement.report() == null ? "" : "t"));
    }

    /** What the event also says. */
    private static String mark(Outcome outcome) {
        boolean conversion = outcome instanceof Outcome.Delivered done && done.conversion();
        boolean holds = outcome instanceof Outcome.Drafted draft && draft.holds();
        return conversion ? "c" : holds ? "h" : "";
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
