package io.posthaste.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reply of any shape, decoded in one pass: arrays as {@code Object[]}, strings as {@code byte[]}, integers as Long. */
public final class TreeOutput extends CommandOutput<byte[], byte[], @Nullable Object> {
    private static final byte[] EMPTY = {};

    private @Nullable Object[][] open = new Object[4][];
    private int[] filled = new int[4];
    private int depth;

    // The superclass starts without a value; NullAway reads its unannotated constructor as one that wants it.
    @SuppressWarnings("NullAway")
    public TreeOutput() {
        super(ByteArrayCodec.INSTANCE, null);
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        add(bytes == null ? null : copy(bytes));
    }

    @Override
    public void setSingle(@Nullable ByteBuffer bytes) {
        set(bytes);
    }

    @Override
    public void setBigNumber(@Nullable ByteBuffer bytes) {
        set(bytes);
    }

    @Override
    public void set(long integer) {
        add(integer);
    }

    @Override
    public void set(double number) {
        add(Double.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void set(boolean value) {
        add(value ? 1L : 0L);
    }

    @Override
    public void multi(int count) {
        if (count < 0) {
            add(null);
            return;
        }
        Object[] array = new Object[count];
        add(array);
        if (count > 0) {
            push(array);
        }
    }

    private void push(@Nullable Object[] array) {
        if (depth == open.length) {
            open = Arrays.copyOf(open, 2 * depth);
            filled = Arrays.copyOf(filled, 2 * depth);
        }
        open[depth] = array;
        filled[depth++] = 0;
    }

    private void add(@Nullable Object value) {
        if (depth == 0) {
            output = value;
            return;
        }
        open[depth - 1][filled[depth - 1]++] = value;
    }

    /** An array is finished by its last element, which also is the last of its parent, and so on. */
    @Override
    public void complete(int level) {
        while (depth > 0 && filled[depth - 1] == open[depth - 1].length) {
            depth--;
        }
    }

    private static byte[] copy(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return EMPTY;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    /** Names and values in turn, as of a hash or a stream's entry; what is no text is left out. */
    public static Map<String, String> texts(@Nullable Object reply) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (reply instanceof Object[] flat) {
            for (int i = 0; i + 1 < flat.length; i += 2) {
                if (flat[i] instanceof byte[] name && flat[i + 1] instanceof byte[] value) {
                    texts.put(new String(name, StandardCharsets.UTF_8), new String(value, StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }
}
