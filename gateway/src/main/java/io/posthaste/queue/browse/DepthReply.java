package io.posthaste.queue.browse;

import io.posthaste.queue.browse.Deliveries.Depth;
import io.posthaste.queue.browse.Deliveries.Lane;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.JobBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What depth.lua answers. */
final class DepthReply {
    private static final int TOTALS = 7;

    private DepthReply() {}

    /** @param names the lanes the script was asked about */
    static Depth decode(List<String> names, Object reply) {
        @Nullable Object[] parts = (Object[]) reply;
        List<Lane> lanes = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            int at = TOTALS + 7 * i;
            lanes.add(new Lane(
                    names.get(i),
                    number(parts[at]),
                    number(parts[at + 1]),
                    number(parts[at + 2]),
                    number(parts[at + 3]),
                    number(parts[at + 4]) == 1,
                    parts[at + 5] instanceof byte[] why ? Bytes.utf8(why) : "",
                    number(parts[at + 6])));
        }
        String first = parts[2] instanceof byte[] entry ? Bytes.ascii(entry) : "";
        return new Depth(
                number(parts[0]),
                new Depth.Inbox(number(parts[1]), first.isEmpty() ? 0 : JobBody.enqueuedAt(first)),
                new Depth.Totals(number(parts[3]), number(parts[4]), number(parts[5]), number(parts[6])),
                lanes);
    }

    /** The totals of the later answer, and the lanes of both. */
    static Depth join(Depth earlier, Depth later) {
        List<Lane> lanes = new ArrayList<>(earlier.lanes());
        lanes.addAll(later.lanes());
        return new Depth(later.atMillis(), later.inbox(), later.totals(), lanes);
    }

    static long number(@Nullable Object value) {
        return switch (Objects.requireNonNull(value)) {
            case Long integer -> integer;
            case byte[] text -> (long) Double.parseDouble(Bytes.ascii(text));
            default -> throw new IllegalStateException("not a number");
        };
    }
}
