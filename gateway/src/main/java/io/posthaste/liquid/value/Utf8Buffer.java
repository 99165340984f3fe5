package io.posthaste.liquid.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** A growing byte buffer that text is encoded into. Reused from render to render; not thread-safe. */
public final class Utf8Buffer {
    private static final int MAX_VISITS = 1 << 20;

    private byte[] bytes;
    private int length;
    private int limit;
    private String limitName = "output bytes";
    private int visits;

    public Utf8Buffer(int capacity, int limit) {
        this.bytes = new byte[capacity];
        this.limit = limit;
    }

    /** Empties it for the next text, which may have that many bytes. A buffer that grew large is let go. */
    public void reset(int newLimit, String name) {
        length = 0;
        limit = newLimit;
        limitName = name;
        visits = 0;
        if (bytes.length > 1 << 18) {
            bytes = new byte[1 << 12];
        }
    }

    public void append(byte[] source) {
        append(source, 0, source.length);
    }

    public void append(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    /** One byte, which must be ASCII. */
    public void append(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
    }

    public void append(String text) {
        int count = text.length();
        ensure(count);
        byte[] target = bytes;
        int to = length;
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length = to;
                appendWide(text, i);
                return;
            }
            target[to++] = (byte) c;
        }
        length = to;
    }

    private void appendWide(String text, int from) {
        int count = text.length();
        for (int i = from; i < count; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                append(c);
            } else if (Character.isHighSurrogate(c) && i + 1 < count && Character.isLowSurrogate(text.charAt(i + 1))) {
                appendCodePoint(Character.toCodePoint(c, text.charAt(++i)));
            } else {
                appendCodePoint(Character.isSurrogate(c) ? 0xFFFD : c);
            }
        }
    }

    /** @param point at least 0x80 */
    private void appendCodePoint(int point) {
        ensure(4);
        if (point < 0x800) {
            bytes[length++] = (byte) (0xC0 | point >> 6);
        } else {
            if (point < 0x10000) {
                bytes[length++] = (byte) (0xE0 | point >> 12);
            } else {
                bytes[length++] = (byte) (0xF0 | point >> 18);
                bytes[length++] = (byte) (0x80 | (point >> 12 & 0x3F));
            }
            bytes[length++] = (byte) (0x80 | (point >> 6 & 0x3F));
        }
        bytes[length++] = (byte) (0x80 | (point & 0x3F));
    }

    public void append(long number) {
        if (number < 0) {
            append(Long.toString(number));
            return;
        }
        int digits = digits(number);
        ensure(digits);
        int at = length + digits;
        length = at;
        long rest = number;
        do {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** Counts a value inside a list or object: one that holds another many times over is small and prints for ever. */
    void visit() {
        if (++visits > MAX_VISITS) {
            throw new LimitException("values in lists and objects", MAX_VISITS);
        }
    }

    public int length() {
        return length;
    }

    /** The bytes so far are the first {@link #length()} of this array, until the next append. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** What was appended since the buffer had that length. */
    public String textFrom(int start) {
        return new String(bytes, start, length - start, UTF_8);
    }

    /** Takes back everything after that length. */
    public void truncate(int newLength) {
        length = newLength;
    }

    private void ensure(int count) {
        if (count > bytes.length - length) {
            grow(count);
        }
        if (length + count > limit) {
            throw new LimitException(limitName, limit);
        }
    }

    private void grow(int count) {
        if ((long) length + count > limit) {
            throw new LimitException(limitName, limit);
        }
        bytes = Arrays.copyOf(bytes, Math.max(length + count + 16, bytes.length * 2));
    }

    @Override
    public String toString() {
        return textFrom(0);
    }
}
