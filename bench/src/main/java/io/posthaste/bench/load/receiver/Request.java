package io.posthaste.bench.load.receiver;

import java.nio.charset.StandardCharsets;

/**
 * The one request a connection is reading: where in the connection's buffer its parts are. Reused from request to
 * request, because at 50,000 requests a second even small objects show.
 *
 * <p>Understands HTTP/1.1 with {@code Content-Length}, which is all that a webhook sender needs. Of HTTP/2, where heads
 * come read, {@link Http2Request} names the parts.
 */
final class Request {
    static final int MOST_BYTES = 8 << 20;

    private static final int INCOMPLETE = -1;
    private static final byte[] CONTENT_LENGTH = name("content-length");
    private static final byte[] TRANSFER_ENCODING = name("transfer-encoding");
    private static final byte[] DELIVERY_ID = name("x-cio-delivery-id");
    private static final byte[] IDEMPOTENCY_KEY = name("x-cio-idempotency-key");
    private static final byte[] TIMESTAMP = name("x-cio-timestamp");
    private static final byte[] SIGNATURE = name("x-cio-signature");

    final Part path = new Part();
    final Part id = new Part();
    final Part key = new Part();
    final Part timestamp = new Part();
    final Part signature = new Part();
    final Part body = new Part();
    byte[] bytes = new byte[0];

    /** Some bytes of the buffer: from {@code start} up to, not including, {@code end}. */
    static final class Part {
        int start;
        int end;

        void set(int newStart, int newEnd) {
            start = newStart;
            end = newEnd;
        }

        int length() {
            return end - start;
        }
    }

    /** Reads one request that begins at {@code from}; its end, or -1 while {@code to} comes before that. */
    int read(byte[] buffer, int from, int to) {
        bytes = buffer;
        clear();
        int line = endOfLine(from, to);
        if (line < 0) {
            return INCOMPLETE;
        }
        readPath(from, line);
        return readHeaders(line + 1, to);
    }

    String text(Part part) {
        return new String(bytes, part.start, part.length(), StandardCharsets.ISO_8859_1);
    }

    private void clear() {
        for (Part part : new Part[] {path, id, key, timestamp, signature, body}) {
            part.set(0, 0);
        }
    }

    private void readPath(int from, int lineEnd) {
        int start = indexOf((byte) ' ', from, lineEnd) + 1;
        path.set(start, Math.max(start, indexOf((byte) ' ', start, lineEnd)));
    }

    private int readHeaders(int from, int to) {
        int length = 0;
        int line = from;
        while (true) {
            int end = endOfLine(line, to);
            if (end < 0) {
                return INCOMPLETE;
            }
            if (end - line <= 1) {
                body.set(end + 1, end + 1 + length);
                return body.end <= to ? body.end : INCOMPLETE;
            }
            length = readHeader(line, end, length);
            line = end + 1;
        }
    }

    /** Notes the header if it is one of ours; the content length known so far, or the one it gives. */
    private int readHeader(int line, int end, int length) {
        int colon = indexOf((byte) ':', line, end);
        int start = skipSpace(colon + 1, end);
        int stop = bytes[end - 1] == '\r' ? end - 1 : end;
        switch (colon - line) {
            case 14 -> {
                return is(CONTENT_LENGTH, line) ? number(start, stop) : length;
            }
            case 15 -> notePair(line, start, stop);
            case 17 -> noteId(line, start, stop);
            case 21 -> note(IDEMPOTENCY_KEY, key, line, start, stop);
            default -> {}
        }
        return length;
    }

    private void notePair(int line, int start, int stop) {
        note(TIMESTAMP, timestamp, line, start, stop);
        note(SIGNATURE, signature, line, start, stop);
    }

    private void noteId(int line, int start, int stop) {
        note(DELIVERY_ID, id, line, start, stop);
        if (is(TRANSFER_ENCODING, line)) {
            throw new IllegalArgumentException("a request with Transfer-Encoding; only Content-Length is understood");
        }
    }

    private void note(byte[] name, Part part, int line, int start, int stop) {
        if (is(name, line)) {
            part.set(start, stop);
        }
    }

    private boolean is(byte[] name, int at) {
        for (int i = 0; i < name.length; i++) {
            if ((bytes[at + i] | 0x20) != (name[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private int number(int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }

    private int skipSpace(int from, int end) {
        int at = from;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    private int endOfLine(int from, int to) {
        return indexOf((byte) '\n', from, to);
    }

    private int indexOf(byte wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static byte[] name(String lowerCase) {
        return lowerCase.getBytes(StandardCharsets.US_ASCII);
    }
}
