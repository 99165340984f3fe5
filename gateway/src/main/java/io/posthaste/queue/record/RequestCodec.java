package io.posthaste.queue.record;

import io.posthaste.job.Header;
import io.posthaste.job.RenderedRequest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The frozen request as bytes: version, then method (length u8), URL (u32), number of headers (u16), each name and
 * value (u32), body (u32). Text is UTF-8, numbers are big-endian.
 */
public final class RequestCodec {
    private static final byte VERSION = 1;

    private RequestCodec() {}

    public static byte[] encode(RenderedRequest request) {
        byte[] method = Bytes.of(request.method());
        byte[] url = Bytes.of(request.url());
        List<byte[]> headers = new ArrayList<>(2 * request.headers().size());
        int size = 1 + 1 + method.length + 4 + url.length + 2 + 4 + request.body().length;
        for (Header header : request.headers()) {
            headers.add(Bytes.of(header.name()));
            headers.add(Bytes.of(header.value()));
        }
        for (byte[] text : headers) {
            size += 4 + text.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(VERSION).put((byte) method.length).put(method);
        out.putInt(url.length).put(url).putShort((short) request.headers().size());
        headers.forEach(text -> out.putInt(text.length).put(text));
        return out.putInt(request.body().length).put(request.body()).array();
    }

    /** @throws DamagedRecordException when these are not the bytes of a request */
    public static RenderedRequest decode(ByteBuffer in) {
        try {
            if (in.get() != VERSION) {
                throw new DamagedRecordException("unknown version of a frozen request");
            }
            String method = Bytes.utf8(Bytes.take(in, in.get() & 0xFF));
            String url = Bytes.utf8(Bytes.take(in, in.getInt()));
            int count = in.getShort() & 0xFFFF;
            List<Header> headers = new ArrayList<>(Math.min(count, 64));
            for (int i = 0; i < count; i++) {
                headers.add(new Header(text(in), text(in)));
            }
            return new RenderedRequest(method, url, List.copyOf(headers), Bytes.take(in, in.getInt()));
        } catch (BufferUnderflowException e) {
            throw new DamagedRecordException("a frozen request that ends too early");
        }
    }

    private static String text(ByteBuffer in) {
        return Bytes.utf8(Bytes.take(in, in.getInt()));
    }
}
