package io.posthaste.queue.browse;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.queue.ScriptRunner;
import io.posthaste.queue.browse.Deliveries.Wanted;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.record.JobBody;
import io.posthaste.redis.LuaScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Living deliveries: those of a sorted set of entries scored by time, or those still in the inbox. */
record LivingSource(
        String name,
        Set<DeliveryState> states,
        String key,
        boolean inbox,
        ScriptRunner runner,
        LuaScript find,
        FoundDelivery found)
        implements DeliverySource {
    private static final int ROWS = 100;
    /** Entries with one score come from few scripts in one millisecond, each of at most 256 jobs. */
    private static final int TIES = 1_024;

    private static final Pattern ENTRY = Pattern.compile("[0-9]{1,18}-[0-9]{1,18}");
    private static final Pattern SCORED = Pattern.compile("[0-9]{1,16}_" + ENTRY);

    /** An entry and the time it is listed by. */
    private record Place(long time, String position, String entry) {}

    @Override
    public boolean isPosition(String text) {
        return (inbox ? ENTRY : SCORED).matcher(text).matches();
    }

    @Override
    public Mono<Slice> slice(@Nullable String position, Wanted wanted, int effort) {
        // Bodies are large: the effort is not in more of them at once.
        return (inbox ? inbox(position) : scored(position)).flatMap(places -> describe(places, position, wanted));
    }

    private Mono<List<Place>> inbox(@Nullable String position) {
        String from = position == null ? "+" : "(" + position;
        return Mono.fromCompletionStage(() -> runner.link().send(CommandType.XREVRANGE, key, from, "-", "COUNT", ROWS))
                .map(LivingSource::entries);
    }

    private static List<Place> entries(Object reply) {
        List<Place> places = new ArrayList<>();
        for (Object pair : (Object[]) reply) {
            String entry = text(((Object[]) pair)[0]);
            places.add(new Place(JobBody.enqueuedAt(entry), entry, entry));
        }
        return places;
    }

    private Mono<List<Place>> scored(@Nullable String position) {
        int mark = position == null ? -1 : position.indexOf('_');
        String score = position == null ? "+inf" : position.substring(0, mark);
        int count = position == null ? ROWS : ROWS + TIES;
        return Mono.fromCompletionStage(() -> runner.link()
                        .send(CommandType.ZREVRANGEBYSCORE, key, score, "-inf", "WITHSCORES", "LIMIT", 0, count))
                .map(reply -> after(position, (Object[]) reply));
    }

    private static List<Place> after(@Nullable String position, @Nullable Object[] reply) {
        List<Place> places = new ArrayList<>();
        String seen = position == null ? "" : position.substring(position.indexOf('_') + 1);
        String score = position == null ? "" : position.substring(0, position.indexOf('_'));
        for (int i = 0; i + 1 < reply.length && places.size() < ROWS; i += 2) {
            String entry = text(reply[i]);
            String time = text(reply[i + 1]);
            if (!time.equals(score) || entry.compareTo(seen) < 0) {
                places.add(new Place((long) Double.parseDouble(time), time + "_" + entry, entry));
            }
        }
        return places;
    }

    private Mono<Slice> describe(List<Place> places, @Nullable String position, Wanted wanted) {
        String from = position == null ? "" : position;
        if (places.isEmpty()) {
            return Mono.just(new Slice(name, from, List.of(), null));
        }
        List<String> entries = places.stream().map(Place::entry).toList();
        return runner.run(find, "entries", entries)
                .map(reply -> new Slice(name, from, rows(places, (Object[]) reply, wanted), end(places)));
    }

    private static @Nullable End end(List<Place> places) {
        Place last = places.getLast();
        return places.size() < ROWS ? null : new End(last.time(), last.position());
    }

    private List<Row> rows(List<Place> places, @Nullable Object[] replies, Wanted wanted) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Delivery delivery = found.decode((Object[]) Objects.requireNonNull(replies[i]));
            if (delivery != null && wanted.isMetBy(delivery, places.get(i).time())) {
                rows.add(new Row(places.get(i).time(), places.get(i).position(), delivery));
            }
        }
        return rows;
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? Bytes.ascii(bytes) : "";
    }
}
