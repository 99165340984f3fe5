package io.posthaste.queue.record;

import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SecretValues;
import io.posthaste.seal.Sealer;
import io.posthaste.seal.UnreadableException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Frozen requests as Redis keeps them: in clear, or sealed when they were rendered with secrets (SEC-1). Sealed: version,
 * then the sealed bytes of the number of secrets (u16), each of them (u32) and the request.
 */
public final class FrozenRequests {
    private static final byte SEALED = 2;
    private static final String KIND = "request";

    private final Sealer sealer;

    public FrozenRequests(Sealer sealer) {
        this.sealer = sealer;
    }

    /** @param id the delivery's */
    public byte[] encode(String id, RenderedRequest request) {
        byte[] clear = RequestCodec.encode(request);
        return request.secrets().isEmpty()
                ? clear
                : sealed(id, request.secrets().values(), clear);
    }

    private byte[] sealed(String id, List<String> secrets, byte[] clear) {
        List<byte[]> values = secrets.stream().map(Bytes::of).toList();
        int size = 2
                + clear.length
                + values.stream().mapToInt(value -> 4 + value.length).sum();
        ByteBuffer plain = ByteBuffer.allocate(size).putShort((short) values.size());
        values.forEach(value -> plain.putInt(value.length).put(value));
        byte[] sealed = sealer.seal(KIND, id, plain.put(clear).array());
        return ByteBuffer.allocate(1 + sealed.length).put(SEALED).put(sealed).array();
    }

    /** @throws DamagedRecordException when these are not the bytes of this delivery's request, or cannot be opened */
    RenderedRequest decode(String id, ByteBuffer in) {
        if (in.get(in.position()) != SEALED) {
            return RequestCodec.decode(in);
        }
        byte[] sealed = Bytes.take(in.position(in.position() + 1), in.remaining());
        try {
            return opened(ByteBuffer.wrap(sealer.open(KIND, id, sealed)));
        } catch (UnreadableException e) {
            throw new DamagedRecordException(e.problem());
        } catch (BufferUnderflowException e) {
            throw new DamagedRecordException("a sealed request that ends too early");
        }
    }

    private static RenderedRequest opened(ByteBuffer plain) {
        int count = plain.getShort() & 0xFFFF;
        List<String> secrets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            secrets.add(Bytes.utf8(Bytes.take(plain, plain.getInt())));
        }
        RenderedRequest request = RequestCodec.decode(plain);
        return new RenderedRequest(
                request.method(), request.url(), request.headers(), request.body(), SecretValues.of(secrets));
    }
}
