package io.posthaste.queue.browse;

import io.posthaste.queue.browse.Deliveries.Quarantined;
import io.posthaste.queue.record.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Entries of the quarantine stream, their raw fields unpacked from MessagePack (an array of strings). */
final class QuarantineReply {
    private QuarantineReply() {}

    static List<Quarantined> decode(Object reply) {
        List<Quarantined> found = new ArrayList<>();
        for (Object entry : (Object[]) reply) {
            @Nullable Object[] pair = (Object[]) entry;
            @Nullable Object[] fields = (Object[]) Objects.requireNonNull(pair[1]);
            found.add(new Quarantined(text(pair[0]), text(fields[3]), text(fields[1]), strings((byte[]) fields[5])));
        }
        return found;
    }

    private static List<String> strings(byte @Nullable [] packed) {
        List<String> strings = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(packed == null ? Bytes.EMPTY : packed);
        int count = in.hasRemaining() ? arrayLength(in) : 0;
        for (int i = 0; i < count; i++) {
            strings.add(Bytes.utf8(Bytes.take(in, stringLength(in))));
        }
        return strings;
    }

    private static int arrayLength(ByteBuffer in) {
        int head = in.get() & 0xFF;
        return head == 0xDC ? in.getShort() & 0xFFFF : head & 0x0F;
    }

    private static int stringLength(ByteBuffer in) {
        int head = in.get() & 0xFF;
        return switch (head) {
            case 0xD9 -> in.get() & 0xFF;
            case 0xDA -> in.getShort() & 0xFFFF;
            case 0xDB -> in.getInt();
            default -> head & 0x1F;
        };
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? Bytes.utf8(bytes) : "";
    }
}
