package io.posthaste.queue;

import io.posthaste.job.Job;
import io.posthaste.job.RenderedRequest;
import java.nio.ByteBuffer;

/**
 * What a sent delivery was sent as: length of the request u32, the request, and the inline action it came with, if any.
 * {@code resend.lua} takes it apart.
 */
final class SentRequest {
    /** Of body and inline action. Longer ones are not kept: a few of them would push out everybody else's. */
    private static final int MAX_BYTES = 64 << 10;

    private SentRequest() {}

    /** Empty when it is too long to be kept. */
    static byte[] encode(RenderedRequest request, Job job, FrozenRequests requests) {
        byte[] action = job.request() == null ? Bytes.EMPTY : job.request();
        if (request.body().length + action.length > MAX_BYTES) {
            return Bytes.EMPTY;
        }
        byte[] frozen = requests.encode(job.id(), request);
        return ByteBuffer.allocate(4 + frozen.length + action.length)
                .putInt(frozen.length)
                .put(frozen)
                .put(action)
                .array();
    }

    /** @throws DamagedRecordException when these are not the bytes of a request */
    static RenderedRequest decode(String id, ByteBuffer in, FrozenRequests requests) {
        return requests.decode(id, ByteBuffer.wrap(Bytes.take(in, in.getInt())));
    }
}
