package io.posthaste.queue.reshape;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.layout.Layout;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What scripts on a shard have to know of a change of the number of shards. */
final class ShardFlags {
    private static final int AT_ONCE = 16;

    private final RedisConnections redis;
    private final RedisLink link;

    ShardFlags(RedisConnections redis) {
        this.redis = redis;
        this.link = redis.durable().link();
    }

    /** People may leave and arrive, and lines that begin wait: known to every shard before anybody acts by it. */
    Mono<Void> raise(Layout layout) {
        return onAll(
                layout,
                shard -> send(CommandType.HSET, shard.meta(), "moving", layout.change(), "opening", "1")
                        .then(Mono.fromCompletionStage(() -> redis.durable().replicated(shard.prefix()))));
    }

    /** Nobody moves any more. */
    Mono<Void> lowerMoving(Layout layout) {
        return onAll(
                layout,
                shard -> send(CommandType.HDEL, shard.meta(), "moving")
                        .then(send(CommandType.UNLINK, shard.arrived()))
                        .then());
    }

    /** Lines begin at once again. */
    Mono<Void> lowerOpening(Layout layout) {
        return onAll(
                layout, shard -> send(CommandType.HDEL, shard.meta(), "opening").then());
    }

    /** Lines that still wait. */
    Mono<Long> opening(Layout layout) {
        return Flux.fromIterable(layout.serving().all())
                .flatMap(shard -> send(CommandType.ZCARD, shard.opening()), AT_ONCE)
                .reduce(0L, (sum, lines) -> sum + (Long) lines);
    }

    private Mono<Void> onAll(Layout layout, Function<RedisKeys, Mono<?>> act) {
        return Flux.fromIterable(layout.serving().all()).flatMap(act, AT_ONCE).then();
    }

    private Mono<Object> send(CommandType command, String key, Object... arguments) {
        return Mono.fromCompletionStage(() -> link.send(command, key, arguments));
    }
}
