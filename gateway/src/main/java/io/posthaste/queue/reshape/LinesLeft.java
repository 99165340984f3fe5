package io.posthaste.queue.reshape;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.layout.Layout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Jobs in lines that go on where they were before the number of shards changed. */
final class LinesLeft {
    private static final int PAGE = 1_000;

    private final RedisLink link;
    private final LuaScript goOn = LuaScript.load("queue/goon.lua");
    private final Map<RedisKeys, String> barriers = new HashMap<>();

    LinesLeft(RedisConnections redis) {
        this.link = redis.admin();
    }

    /** From now on inboxes are to be taken in up to where they are at the first look. */
    void begin() {
        barriers.clear();
    }

    /** How many; one for each shard whose inbox may still hold some. */
    Mono<Long> count(Layout layout) {
        return Flux.fromIterable(layout.from().all())
                .concatMap(shard ->
                        behind(shard).flatMap(behind -> jobs(layout, shard).map(jobs -> jobs + behind)))
                .reduce(0L, Long::sum);
    }

    private Mono<Long> behind(RedisKeys shard) {
        return Mono.fromCompletionStage(() -> goOn.run(link, Bytes.of(shard.prefix()), List.of()))
                .map(reply -> {
                    Object[] inbox = (Object[]) reply;
                    String last = Bytes.ascii((byte[]) inbox[1]);
                    String barrier = barriers.computeIfAbsent(shard, first -> last);
                    return StreamIds.isUpTo(barrier, Bytes.ascii((byte[]) inbox[0])) ? 0L : 1L;
                });
    }

    private record Found(String cursor, long jobs) {}

    private Mono<Long> jobs(Layout layout, RedisKeys shard) {
        return scan(layout, shard, "0")
                .expand(found -> found.cursor().equals("0") ? Mono.empty() : scan(layout, shard, found.cursor()))
                .reduce(0L, (sum, found) -> sum + found.jobs());
    }

    private Mono<Found> scan(Layout layout, RedisKeys shard, String cursor) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.HSCAN, shard.ordered(), cursor, "COUNT", PAGE))
                .map(reply -> found(layout, shard, (Object[]) reply));
    }

    private static Found found(Layout layout, RedisKeys shard, @Nullable Object[] reply) {
        Object[] fields = reply[1] instanceof Object[] some ? some : new Object[0];
        long jobs = 0;
        for (int i = 1; i < fields.length; i += 2) {
            // When it may be attempted, a blank, the lane, a colon and the order.
            String value = Bytes.utf8((byte[]) fields[i]);
            String order = value.substring(value.indexOf(':') + 1);
            jobs += layout.changes(order) && layout.from().at(order).equals(shard) ? 1 : 0;
        }
        return new Found(reply[0] instanceof byte[] next ? Bytes.ascii(next) : "0", jobs);
    }
}
