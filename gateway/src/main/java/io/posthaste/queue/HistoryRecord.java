package io.posthaste.queue;

import io.posthaste.job.Attempt;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Job;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a delivery that ended: its own length u16, job id (length u8), version u8, state u8, enqueued f64
 * (ms), flags u8 (1 inline, 2 attributes set, 4 attributes not set though they should have been), lane and idempotency key (length u8), reason (length u16), then its attempts. The scripts append the
 * attempt log and gather records in blocks; {@code close} in common.lua writes the same.
 */
final class HistoryRecord {
    private static final int REASON_BYTES = 512;
    private static final int INLINE = 1;
    private static final int SET = 2;
    private static final int NOT_SET = 4;

    private HistoryRecord() {}

    /** @param last the attempt that ended it, or null */
    static byte[] encode(
            Job job, DeliveryState state, String reason, AttributeUpdate.State update, @Nullable Attempt last) {
        byte[] id = Bytes.of(job.id());
        byte[] lane = Bytes.of(job.lane());
        byte[] key = Bytes.of(job.key());
        byte[] why = Bytes.atMost(REASON_BYTES, reason);
        byte[] attempt = last == null ? Bytes.EMPTY : AttemptCodec.encodeBriefly(last);
        int length = 16 + id.length + lane.length + key.length + why.length + attempt.length;
        return ByteBuffer.allocate(2 + length)
                .putShort((short) length)
                .put((byte) id.length)
                .put(id)
                .put((byte) 1)
                .put(code(state))
                .putDouble((double) job.enqueuedAtMillis())
                .put(flags(job, update))
                .put((byte) lane.length)
                .put(lane)
                .put((byte) key.length)
                .put(key)
                .putShort((short) why.length)
                .put(why)
                .put(attempt)
                .array();
    }

    /**
     * @param in behind the record's length, and with its limit at the record's end
     * @throws DamagedRecordException when these are not the bytes of a record
     */
    static Delivery decode(ByteBuffer in, long ended) {
        try {
            return decode(Bytes.ascii(Bytes.take(in, in.get() & 0xFF)), in, ended);
        } catch (java.nio.BufferUnderflowException e) {
            throw new DamagedRecordException("a history record that ends too early");
        }
    }

    private static Delivery decode(String id, ByteBuffer in, long ended) {
        if (in.get() != 1) {
            throw new DamagedRecordException("unknown version of a history record");
        }
        DeliveryState state = state(in.get());
        long enqueued = (long) in.getDouble();
        int flags = in.get();
        String lane = Bytes.ascii(Bytes.take(in, in.get() & 0xFF));
        String key = Bytes.ascii(Bytes.take(in, in.get() & 0xFF));
        String reason = Bytes.utf8(Bytes.take(in, in.getShort() & 0xFFFF));
        List<Attempt> attempts = AttemptCodec.decodeAll(in);
        String action = (flags & INLINE) != 0 ? null : lane;
        return new Delivery(id, lane, action, key, state, attempts, enqueued, 0, ended, reason, update(flags), null);
    }

    private static byte flags(Job job, AttributeUpdate.State update) {
        int inline = job.action() == null ? INLINE : 0;
        return (byte) (inline
                + switch (update) {
                    case NONE -> 0;
                    case SET -> SET;
                    case FAILED -> NOT_SET;
                });
    }

    private static AttributeUpdate.State update(int flags) {
        if ((flags & SET) != 0) {
            return AttributeUpdate.State.SET;
        }
        return (flags & NOT_SET) != 0 ? AttributeUpdate.State.FAILED : AttributeUpdate.State.NONE;
    }

    private static byte code(DeliveryState state) {
        return switch (state) {
            case SENT -> 1;
            case ABORTED -> 2;
            case SKIPPED -> 3;
            case CANCELLED -> 4;
            case FAILED -> 5;
            case QUEUED, SENDING, RETRYING, DRAFTED -> throw new IllegalArgumentException(state + " is not an end");
        };
    }

    private static DeliveryState state(byte code) {
        return switch (code) {
            case 1 -> DeliveryState.SENT;
            case 2 -> DeliveryState.ABORTED;
            case 3 -> DeliveryState.SKIPPED;
            case 4 -> DeliveryState.CANCELLED;
            case 5 -> DeliveryState.FAILED;
            default -> throw new DamagedRecordException("unknown state " + code);
        };
    }
}
