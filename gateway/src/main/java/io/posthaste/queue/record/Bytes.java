package io.posthaste.queue.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text and numbers as Redis carries them. */
public final class Bytes {
    public static final byte[] EMPTY = {};

    private Bytes() {}

    public static byte[] of(String text) {
        return text.isEmpty() ? EMPTY : text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] of(long number) {
        return Long.toString(number).getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** Text that is known to be ASCII. */
    public static String ascii(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    public static String utf8(byte[] text) {
        return new String(text, StandardCharsets.UTF_8);
    }

    public static long number(byte[] text) {
        return Long.parseLong(ascii(text));
    }

    /** The first {@code max} bytes of the text, cut between characters. */
    public static byte[] atMost(int max, String text) {
        byte[] all = of(text);
        if (all.length <= max) {
            return all;
        }
        int end = max;
        while (end > 0 && (all[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(all, end);
    }

    /** The next {@code length} bytes; a damaged length ends in {@link DamagedRecordException}, not in a huge array. */
    public static byte[] take(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new DamagedRecordException("a length of " + length + " with " + in.remaining() + " bytes left");
        }
        byte[] taken = new byte[length];
        in.get(taken);
        return taken;
    }
}
