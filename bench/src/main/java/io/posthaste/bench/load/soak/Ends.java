package io.posthaste.bench.load.soak;

import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway says that each job ended, read from the results stream as upstream would. Written by one thread, read by
 * others once the run is over; only {@link #count} may be asked before.
 */
final class Ends {
    static final String RESULTS = "posthaste:{0}:results";

    private static final int MOST_AT_A_TIME = 2_000;
    private static final List<End> ALL = Arrays.asList(End.values());

    private final String prefix;
    /** The last end told of, by its number from 1 on; 0 for none yet. */
    private final byte[] last;

    private final byte[] times;
    private String position = "0-0";
    private volatile int count;

    /** @param run prefix of the run's ids */
    Ends(String run, int capacity) {
        this.prefix = run + "-";
        this.last = new byte[capacity];
        this.times = new byte[capacity];
    }

    /** Jobs that have ended so far. */
    int count() {
        return count;
    }

    /** How the job ended; null for not yet. */
    @Nullable
    End of(int number) {
        return last[number] == 0 ? null : ALL.get(last[number] - 1);
    }

    /** How often it was told to have ended. */
    int times(int number) {
        return times[number];
    }

    /** Reads what is new. */
    void poll(RedisConnection redis) throws IOException {
        List<?> entries;
        do {
            entries = list(redis.call("XRANGE", RESULTS, "(" + position, "+", "COUNT", "" + MOST_AT_A_TIME));
            for (Object item : entries) {
                List<?> entry = list(item);
                position = String.valueOf(entry.getFirst());
                List<?> fields = list(entry.get(1));
                note(field(fields, "id"), field(fields, "event"));
            }
        } while (entries.size() == MOST_AT_A_TIME);
    }

    /** Notes an event; those of others and those that end nothing are passed by. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread only
    void note(String id, String event) {
        int number = number(id);
        for (End end : ALL) {
            if (number >= 0 && end.event().equals(event)) {
                count += times[number] == 0 ? 1 : 0;
                times[number] = (byte) Math.min(times[number] + 1, Byte.MAX_VALUE);
                last[number] = (byte) (ALL.indexOf(end) + 1);
            }
        }
    }

    /** The number in an id; -1 for another run's. */
    int number(String id) {
        if (!id.startsWith(prefix)) {
            return -1;
        }
        int number = Integer.parseInt(id.substring(prefix.length()));
        return number < last.length ? number : -1;
    }

    private static String field(List<?> flat, String name) {
        int at = flat.indexOf(name);
        return at < 0 ? "" : String.valueOf(flat.get(at + 1));
    }

    private static List<?> list(@Nullable Object answer) {
        return answer instanceof List<?> items ? items : List.of();
    }
}
