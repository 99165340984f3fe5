package io.posthaste.queue.record;

import io.posthaste.job.Attempt;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Attempts as bytes, one after the other: number u16, started i64 (epoch ms), status u16, elapsed u32 (ms), reason and
 * excerpt (each a length u16 and UTF-8). Details follow as an attempt whose number is 0, which has nothing but an excerpt:
 * {@link DetailsCodec}. Those who do not know of them show a line too much.
 */
public final class AttemptCodec {
    private static final int FIXED = 2 + 8 + 2 + 4 + 2 + 2;
    private static final int REASON_BYTES = 512;
    private static final int EXCERPT_BYTES = 1024;

    private AttemptCodec() {}

    public static byte[] encode(Attempt attempt) {
        byte[] excerpt = Bytes.atMost(EXCERPT_BYTES, attempt.excerpt());
        byte[] reason = Bytes.atMost(REASON_BYTES, attempt.reason());
        byte[] details = DetailsCodec.encode(attempt.details());
        int more = details.length == 0 ? 0 : FIXED + details.length;
        ByteBuffer out = ByteBuffer.allocate(FIXED + reason.length + excerpt.length + more)
                .putShort((short) attempt.number())
                .putLong(attempt.startedAtMillis())
                .putShort((short) attempt.status())
                .putInt((int) Math.min(Integer.MAX_VALUE, attempt.elapsedMillis()))
                .putShort((short) reason.length)
                .put(reason)
                .putShort((short) excerpt.length)
                .put(excerpt);
        if (more > 0) {
            out.position(out.position() + FIXED - 2)
                    .putShort((short) details.length)
                    .put(details);
        }
        return out.array();
    }

    /** The attempts in order of time, for numbers start anew when somebody sends again; what is left of a damaged log is left out. */
    static List<Attempt> decodeAll(ByteBuffer in) {
        List<Attempt> attempts = new ArrayList<>();
        while (in.remaining() >= FIXED) {
            int number = in.getShort() & 0xFFFF;
            long started = in.getLong();
            int status = in.getShort() & 0xFFFF;
            long elapsed = in.getInt();
            int reason = in.getShort() & 0xFFFF;
            if (reason + 2 > in.remaining()) {
                break;
            }
            String why = Bytes.utf8(Bytes.take(in, reason));
            int excerpt = in.getShort() & 0xFFFF;
            if (excerpt > in.remaining()) {
                break;
            }
            byte[] text = Bytes.take(in, excerpt);
            if (number == 0 && !attempts.isEmpty()) {
                attempts.add(attempts.removeLast().with(DetailsCodec.decode(ByteBuffer.wrap(text))));
            } else {
                attempts.add(new Attempt(number, started, status, elapsed, why, Bytes.utf8(text)));
            }
        }
        attempts.sort(Comparator.comparingLong(Attempt::startedAtMillis).thenComparingInt(Attempt::number));
        return List.copyOf(attempts);
    }
}
