package io.posthaste.queue;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Ended deliveries of one history, bucket by bucket. */
record EndedSource(String name, Set<DeliveryState> states, String history, RedisLink link, RedisKeys keys)
        implements DeliverySource {
    private static final int ROWS = 200;

    /** Where to read: the ids of a bucket up to this index, -1 for the bucket's newest. */
    private record Spot(String bucket, long upTo) {}

    @Override
    public Mono<Slice> slice(@Nullable String position) {
        String from = position == null ? "" : position;
        return buckets().flatMap(buckets -> read(buckets, position, from));
    }

    private Mono<List<String>> buckets() {
        return Mono.fromCompletionStage(() -> link.send(CommandType.ZREVRANGE, keys.buckets(history), 0, -1))
                .map(EndedSource::texts);
    }

    private Mono<Slice> read(List<String> buckets, @Nullable String position, String from) {
        Spot spot = spot(buckets, position);
        if (spot == null) {
            return Mono.just(new Slice(name, from, List.of(), true));
        }
        boolean oldest = buckets.getLast().equals(spot.bucket());
        // A negative index counts from the newest; the rows of a page never reach over two buckets.
        long first = spot.upTo() < 0 ? -ROWS : Math.max(0, spot.upTo() - ROWS + 1);
        String order = keys.bucketOrder(history, spot.bucket());
        return Mono.fromCompletionStage(() -> link.send(CommandType.LLEN, order))
                .flatMap(size -> range(spot, first < 0 ? Math.max(0, (Long) size - ROWS) : first, (Long) size)
                        .map(rows -> new Slice(name, from, rows, rows.isEmpty() || (oldest && endsAtZero(rows)))));
    }

    private static boolean endsAtZero(List<Row> rows) {
        return rows.getLast().position().endsWith("_0");
    }

    /** The bucket to go on with; null after the last. */
    private static @Nullable Spot spot(List<String> buckets, @Nullable String position) {
        if (buckets.isEmpty()) {
            return null;
        }
        if (position == null) {
            return new Spot(buckets.getFirst(), -1);
        }
        String bucket = position.substring(0, position.indexOf('_'));
        long index = Long.parseLong(position, position.indexOf('_') + 1, position.length(), 10);
        if (index > 0 && buckets.contains(bucket)) {
            return new Spot(bucket, index - 1);
        }
        return buckets.stream()
                .filter(other -> Long.parseLong(other) < Long.parseLong(bucket))
                .findFirst()
                .map(next -> new Spot(next, -1))
                .orElse(null);
    }

    private Mono<List<Row>> range(Spot spot, long first, long size) {
        long last = spot.upTo() < 0 ? size - 1 : spot.upTo();
        return Mono.fromCompletionStage(
                        () -> link.send(CommandType.LRANGE, keys.bucketOrder(history, spot.bucket()), first, last))
                .map(EndedSource::texts)
                .flatMap(ids -> ids.isEmpty() ? Mono.just(List.of()) : records(spot.bucket(), ids, first));
    }

    private Mono<List<Row>> records(String bucket, List<String> ids, long first) {
        List<Object> command = new ArrayList<>(List.of(keys.bucket(history, bucket)));
        command.addAll(ids);
        return Mono.fromCompletionStage(() -> link.send(CommandType.HMGET, command.toArray()))
                .map(reply -> rows(bucket, ids, first, (Object[]) reply));
    }

    private static List<Row> rows(String bucket, List<String> ids, long first, @Nullable Object[] records) {
        List<Row> rows = new ArrayList<>();
        for (int i = ids.size() - 1; i >= 0; i--) {
            if (records[i] instanceof byte[] record) {
                Delivery delivery = HistoryRecord.decode(ids.get(i), record);
                rows.add(new Row(delivery.updatedAtMillis(), bucket + "_" + (first + i), delivery));
            }
        }
        return rows;
    }

    private static List<String> texts(Object reply) {
        List<String> texts = new ArrayList<>();
        for (Object text : (Object[]) reply) {
            texts.add(text instanceof byte[] bytes ? Bytes.utf8(bytes) : "");
        }
        return texts;
    }
}
