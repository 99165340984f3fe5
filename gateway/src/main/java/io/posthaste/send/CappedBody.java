package io.posthaste.send;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** The body of one response, read up to a cap while it arrives (RSP-2). */
final class CappedBody {
    private static final byte[] NO_BYTES = {};

    private final int cap;
    private @Nullable ByteArrayOutputStream collected;
    private byte[] bytes = NO_BYTES;
    private boolean truncated;

    CappedBody(int cap) {
        this.cap = cap;
    }

    /** Takes what still fits. The usual body is empty or comes in one piece: it is copied once. */
    void append(ByteBuf content, boolean last) {
        int room = cap - (collected == null ? 0 : collected.size());
        truncated = content.readableBytes() > room;
        byte[] piece = read(content, Math.min(content.readableBytes(), room));
        if (collected == null && (last || truncated)) {
            bytes = piece;
        } else if (collected != null || piece.length > 0) {
            collected = collected == null ? new ByteArrayOutputStream(piece.length * 2) : collected;
            collected.writeBytes(piece);
            bytes = last || truncated ? collected.toByteArray() : NO_BYTES;
        }
    }

    /** Bytes read so far, while there are more to come. */
    int size() {
        return collected == null ? 0 : collected.size();
    }

    /** Whether there was more than the cap. */
    boolean isTruncated() {
        return truncated;
    }

    /** What was read, once the last piece or one too many was appended. */
    byte[] bytes() {
        return bytes;
    }

    private static byte[] read(ByteBuf content, int length) {
        if (length == 0) {
            return NO_BYTES;
        }
        byte[] piece = new byte[length];
        content.readBytes(piece);
        return piece;
    }
}
