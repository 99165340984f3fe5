package io.posthaste.queue.record;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Tells records of the history that cannot be wanted by a few of their bytes; {@link HistoryRecord} says where those are. */
public final class RecordFilter {
    private static final int STATE_TIME_AND_FLAGS = 1 + 8 + 1;
    private static final byte WITH_RECIPIENT = 3;

    private final @Nullable ByteBuffer customer;
    private final @Nullable ByteBuffer key;
    private final @Nullable ByteBuffer host;

    /** Null for any. */
    public RecordFilter(@Nullable String customer, @Nullable String key, @Nullable String host) {
        this.customer = bytes(customer);
        this.key = bytes(key);
        this.host = bytes(host);
    }

    private static @Nullable ByteBuffer bytes(@Nullable String text) {
        return text == null ? null : ByteBuffer.wrap(Bytes.of(text));
    }

    /** Whether it may be wanted. A damaged record may: who decodes it says what is wrong. */
    public boolean admits(ByteBuffer record) {
        if (customer == null && key == null && host == null) {
            return true;
        }
        try {
            return admitsParts(record.duplicate());
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException damaged) {
            return true;
        }
    }

    private boolean admitsParts(ByteBuffer in) {
        skip(in);
        byte version = in.get();
        in.position(in.position() + STATE_TIME_AND_FLAGS);
        skip(in);
        if (!isNext(key, in)) {
            return false;
        }
        skip(in);
        return version >= WITH_RECIPIENT ? isNext(customer, in) && isNext(host, in) : customer == null && host == null;
    }

    private static boolean isNext(@Nullable ByteBuffer wanted, ByteBuffer in) {
        int length = in.get() & 0xFF;
        int start = in.position();
        in.position(start + length);
        return wanted == null
                || (wanted.remaining() == length && in.slice(start, length).equals(wanted));
    }

    private static void skip(ByteBuffer in) {
        int length = in.get() & 0xFF;
        in.position(in.position() + length);
    }
}
