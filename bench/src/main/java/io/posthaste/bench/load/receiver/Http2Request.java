package io.posthaste.bench.load.receiver;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A request that comes in frames, its head first: puts together what {@link Request} is to everybody else. */
final class Http2Request {
    private static final AsciiString DELIVERY_ID = AsciiString.cached("x-cio-delivery-id");
    private static final AsciiString IDEMPOTENCY_KEY = AsciiString.cached("x-cio-idempotency-key");
    private static final AsciiString TIMESTAMP = AsciiString.cached("x-cio-timestamp");
    private static final AsciiString SIGNATURE = AsciiString.cached("x-cio-signature");
    private static final int USUAL_BYTES = 1_024;

    private final Request request = new Request();
    private int length;

    Http2Request(Http2Headers head) {
        request.bytes = new byte[USUAL_BYTES];
        keep(request.path, head.path());
        keep(request.id, head.get(DELIVERY_ID));
        keep(request.key, head.get(IDEMPOTENCY_KEY));
        keep(request.timestamp, head.get(TIMESTAMP));
        keep(request.signature, head.get(SIGNATURE));
        request.body.set(length, length);
    }

    /** More of its body. */
    void add(ByteBuf data) {
        int more = data.readableBytes();
        makeRoom(more);
        data.getBytes(data.readerIndex(), request.bytes, length, more);
        length += more;
        request.body.end = length;
    }

    /** What came so far: all of it when its last frame was added. */
    Request whole() {
        return request;
    }

    private void keep(Request.Part part, @Nullable CharSequence text) {
        if (text != null) {
            makeRoom(text.length());
            int start = length;
            for (int i = 0; i < text.length(); i++) {
                request.bytes[length++] = (byte) text.charAt(i);
            }
            part.set(start, length);
        }
    }

    private void makeRoom(int more) {
        if (length + more > Request.MOST_BYTES) {
            throw new IllegalArgumentException("a request of more than " + Request.MOST_BYTES + " bytes");
        }
        if (length + more > request.bytes.length) {
            request.bytes = Arrays.copyOf(request.bytes, Math.max(length + more, request.bytes.length * 2));
        }
    }
}
