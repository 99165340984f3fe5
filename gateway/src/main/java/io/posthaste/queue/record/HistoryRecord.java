package io.posthaste.queue.record;

import io.posthaste.job.Attempt;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Job;
import io.posthaste.job.Recipient;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a delivery that ended: its own length u16, job id (length u8), version u8, state u8, enqueued f64
 * (ms), flags u8 (1 inline, 2 attributes set, 4 attributes not set though they should have been, 8 results final, 16
 * results none), lane, idempotency key, who asked and, from version 3 on, the customer's id and the receiver's host
 * (each a length u8), reason (length u16), then its attempts. The
 * scripts append the attempt log and gather records in blocks; {@code close} in ending.lua writes the same.
 */
public final class HistoryRecord {
    private static final byte VERSION = 3;
    private static final byte WITHOUT_RECIPIENT = 2;
    private static final int CUSTOMER_BYTES = 128;
    private static final int HOST_BYTES = 253;
    private static final int REASON_BYTES = 512;
    private static final int BY_BYTES = 128;
    private static final int INLINE = 1;
    private static final int SET = 2;
    private static final int NOT_SET = 4;
    private static final int FINAL = 8;
    private static final int NONE = 16;

    private HistoryRecord() {}

    /** @param last the attempt that ended it, or null */
    public static byte[] encode(
            Job job,
            Recipient recipient,
            DeliveryState state,
            String reason,
            AttributeUpdate.State update,
            @Nullable Attempt last) {
        byte[] id = Bytes.of(job.id());
        byte[] lane = Bytes.of(job.lane());
        byte[] key = Bytes.of(job.key());
        byte[] by = job.terms().by() == null
                ? Bytes.EMPTY
                : Bytes.atMost(BY_BYTES, job.terms().by());
        byte[] customer = Bytes.atMost(CUSTOMER_BYTES, recipient.customer());
        byte[] host = Bytes.atMost(HOST_BYTES, recipient.host());
        byte[] why = Bytes.atMost(REASON_BYTES, reason);
        byte[] attempt = last == null ? Bytes.EMPTY : AttemptCodec.encode(last);
        int length = 19
                + id.length
                + lane.length
                + key.length
                + by.length
                + customer.length
                + host.length
                + why.length
                + attempt.length;
        return ByteBuffer.allocate(2 + length)
                .putShort((short) length)
                .put((byte) id.length)
                .put(id)
                .put(VERSION)
                .put(code(state))
                .putDouble((double) job.enqueuedAtMillis())
                .put(flags(job, update))
                .put((byte) lane.length)
                .put(lane)
                .put((byte) key.length)
                .put(key)
                .put((byte) by.length)
                .put(by)
                .put((byte) customer.length)
                .put(customer)
                .put((byte) host.length)
                .put(host)
                .putShort((short) why.length)
                .put(why)
                .put(attempt)
                .array();
    }

    /**
     * @param in behind the record's length, and with its limit at the record's end
     * @return null when the delivery is alive again, or was written by another version
     * @throws DamagedRecordException when these are not the bytes of a record
     */
    public static @Nullable Delivery decode(ByteBuffer in, long ended) {
        try {
            return decode(Bytes.ascii(Bytes.take(in, in.get() & 0xFF)), in, ended);
        } catch (BufferUnderflowException e) {
            throw new DamagedRecordException("a history record that ends too early");
        }
    }

    private static @Nullable Delivery decode(String id, ByteBuffer in, long ended) {
        byte version = in.get();
        byte code = in.get();
        if ((version != VERSION && version != WITHOUT_RECIPIENT) || code == 0) {
            return null;
        }
        DeliveryState state = state(code);
        long enqueued = (long) in.getDouble();
        int flags = in.get();
        String lane = Bytes.ascii(Bytes.take(in, in.get() & 0xFF));
        String key = Bytes.ascii(Bytes.take(in, in.get() & 0xFF));
        String by = Bytes.utf8(Bytes.take(in, in.get() & 0xFF));
        Recipient recipient = version == VERSION
                ? new Recipient(
                        Bytes.utf8(Bytes.take(in, in.get() & 0xFF)), Bytes.utf8(Bytes.take(in, in.get() & 0xFF)))
                : Recipient.UNKNOWN;
        String reason = Bytes.utf8(Bytes.take(in, in.getShort() & 0xFFFF));
        List<Attempt> attempts = AttemptCodec.decodeAll(in);
        return new Delivery(
                id,
                new Delivery.Asked(
                        lane, (flags & INLINE) != 0 ? null : lane, key, by.isEmpty() ? null : by, null, enqueued),
                recipient,
                new Delivery.Standing(state, reason, 0, ended, update(flags)),
                attempts,
                false,
                null);
    }

    private static byte flags(Job job, AttributeUpdate.State update) {
        int inline = job.action() == null ? INLINE : 0;
        int results = switch (job.terms().results()) {
            case ALL -> 0;
            case FINAL -> FINAL;
            case NONE -> NONE;
        };
        return (byte) (inline
                + results
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
