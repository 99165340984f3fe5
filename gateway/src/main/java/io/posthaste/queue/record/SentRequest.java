package io.posthaste.queue.record;

import io.posthaste.job.InlineRequest;
import io.posthaste.job.Job;
import io.posthaste.job.RenderedRequest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a sent delivery was sent as, one of a block: job id (length u8), length of the rest u32, length of the request
 * u32, the request, and the inline action it came with, if any, behind its grant and a line end if it has one. {@code resend.lua} takes it apart.
 */
public final class SentRequest {
    /** Of body and inline action. Longer ones are not kept: a few of them would push out everybody else's. */
    private static final int MAX_BYTES = 64 << 10;

    private SentRequest() {}

    /** Empty when it is too long to be kept. */
    public static byte[] encode(RenderedRequest request, Job job, FrozenRequests requests) {
        byte[] action = action(job.request());
        if (request.body().length + action.length > MAX_BYTES) {
            return Bytes.EMPTY;
        }
        byte[] id = Bytes.of(job.id());
        byte[] frozen = requests.encode(job.id(), request);
        int length = 4 + frozen.length + action.length;
        return ByteBuffer.allocate(5 + id.length + length)
                .put((byte) id.length)
                .put(id)
                .putInt(length)
                .putInt(frozen.length)
                .put(frozen)
                .put(action)
                .array();
    }

    private static byte[] action(@Nullable InlineRequest inline) {
        if (inline == null) {
            return Bytes.EMPTY;
        }
        String grant = inline.grant();
        return grant == null ? inline.definition() : Bytes.joined(Bytes.of(grant + '\n'), inline.definition());
    }

    /**
     * The request of this job.
     *
     * @return null when the block holds none
     * @throws DamagedRecordException when these are not the bytes of a block
     */
    public static @Nullable RenderedRequest find(String id, ByteBuffer block, FrozenRequests requests) {
        byte[] wanted = Bytes.of(id);
        try {
            while (block.hasRemaining()) {
                byte[] name = Bytes.take(block, block.get() & 0xFF);
                byte[] kept = Bytes.take(block, block.getInt());
                if (Arrays.equals(name, wanted)) {
                    ByteBuffer in = ByteBuffer.wrap(kept);
                    return requests.decode(id, ByteBuffer.wrap(Bytes.take(in, in.getInt())));
                }
            }
            return null;
        } catch (BufferUnderflowException e) {
            throw new DamagedRecordException("a block of sent requests that ends too early");
        }
    }
}
