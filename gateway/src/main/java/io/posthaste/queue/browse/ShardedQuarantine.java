package io.posthaste.queue.browse;

import io.posthaste.queue.browse.Deliveries.Quarantined;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The quarantines of all shards, the newest entry first. A cursor is that of the shard, which is a stream's id, and the
 * shard's place: of two entries with the same id the one on the earlier shard comes first.
 */
record ShardedQuarantine(List<RedisDeliveries> parts) {
    private static final Comparator<Quarantined> NEWEST_FIRST = Comparator.comparingLong(
                    (Quarantined entry) -> part(entry.cursor(), 0))
            .thenComparingLong(entry -> part(entry.cursor(), 1))
            .reversed()
            .thenComparingInt(entry -> shard(entry.cursor()));

    Mono<List<Quarantined>> page(@Nullable String cursor, int limit) {
        return Flux.fromStream(IntStream.range(0, parts.size()).boxed())
                .flatMap(index -> parts.get(index)
                        .quarantine(from(cursor, index), limit)
                        .flatMapIterable(entries -> entries)
                        .map(entry -> on(index, entry)))
                .sort(NEWEST_FIRST)
                .take(limit)
                .collectList();
    }

    Mono<Boolean> drop(String cursor) {
        int shard = shard(cursor);
        return shard < parts.size() ? parts.get(shard).dropQuarantined(id(cursor)) : Mono.just(false);
    }

    /** Where a page begins on this shard: behind the cursor, which counts an equal id on a later shard as not seen yet. */
    private static @Nullable String from(@Nullable String cursor, int shard) {
        if (cursor == null) {
            return null;
        }
        return shard <= shard(cursor) ? id(cursor) : part(cursor, 0) + "-" + (part(cursor, 1) + 1);
    }

    private static Quarantined on(int shard, Quarantined entry) {
        return new Quarantined(entry.cursor() + "-" + shard, entry.entry(), entry.reason(), entry.fields());
    }

    private static String id(String cursor) {
        return part(cursor, 0) + "-" + part(cursor, 1);
    }

    private static int shard(String cursor) {
        return (int) part(cursor, 2);
    }

    /** What is missing counts as 0. */
    private static long part(String cursor, int place) {
        String[] parts = cursor.split("-", -1);
        return place < parts.length && parts[place].matches("[0-9]{1,18}") ? Long.parseLong(parts[place]) : 0;
    }
}
