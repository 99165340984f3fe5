package io.posthaste.bench.load.receiver;

import java.nio.ByteBuffer;

/**
 * Every request that arrived and was not fetched yet, as bytes: {@code long} epoch microseconds, {@code short} status
 * answered (0 for none), {@code int} checksum of idempotency key and body, {@code byte} length of the id, the id.
 * Positions count from the first byte ever written, so that a fetch whose answer was lost can be repeated.
 */
public final class ArrivalLog {
    private static final int FIXED_BYTES = 8 + 2 + 4 + 1;
    private static final int MOST_ID_BYTES = 64;

    private ByteBuffer kept = ByteBuffer.allocate(1 << 20);
    private long keptFrom;

    /** Takes one arrival at a time, in the order of their arrival. */
    @FunctionalInterface
    public interface Visitor {
        /** The id is {@code idLength} bytes of {@code bytes} from {@code idStart}. */
        void arrived(long micros, int status, int checksum, byte[] bytes, int idStart, int idLength);
    }

    void append(long micros, int status, int checksum, byte[] bytes, Request.Part id) {
        int idLength = Math.min(id.length(), MOST_ID_BYTES);
        if (kept.remaining() < FIXED_BYTES + idLength) {
            kept = ByteBuffer.allocate(kept.capacity() * 2).put(kept.flip());
        }
        kept.putLong(micros).putShort((short) status).putInt(checksum).put((byte) idLength);
        kept.put(bytes, id.start, idLength);
    }

    /** What was written since {@code position}; forgets everything before it. */
    byte[] since(long position) {
        int skipped = Math.toIntExact(position - keptFrom);
        kept.flip().position(skipped);
        kept.compact();
        keptFrom = position;
        byte[] copy = new byte[kept.position()];
        System.arraycopy(kept.array(), 0, copy, 0, copy.length);
        return copy;
    }

    /** Reads what a fetch returned: always whole records. */
    public static void read(byte[] fetched, Visitor visitor) {
        ByteBuffer in = ByteBuffer.wrap(fetched);
        while (in.hasRemaining()) {
            long micros = in.getLong();
            int status = in.getShort();
            int checksum = in.getInt();
            int idLength = in.get();
            visitor.arrived(micros, status, checksum, fetched, in.position(), idLength);
            in.position(in.position() + idLength);
        }
    }
}
