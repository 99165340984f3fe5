package io.posthaste.queue.reshape;

import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.layout.Layout;
import io.posthaste.store.person.PersonHomes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Goes through all people of the shards that there were, page by page, and brings those who belong elsewhere to their new
 * shard. Where it is, is not kept: begun anew, it passes by those who moved.
 */
final class PersonMover {
    private static final Logger log = LoggerFactory.getLogger(PersonMover.class);

    /** Keys that one step looks at. */
    private static final int PAGE = 1_000;

    /** People under way: each may have 256 KiB of attributes. */
    private static final int AT_ONCE = 16;

    private final RedisConnections redis;
    private final PersonHomes homes;
    private final LuaScript cleared = LuaScript.load("store/cleared.lua");
    private final Deque<RedisKeys> left = new ArrayDeque<>();
    private String cursor = "0";
    private long met;

    /** @param homes over the connection that replicas are asked about */
    PersonMover(RedisConnections redis, PersonHomes homes) {
        this.redis = redis;
        this.homes = homes;
    }

    /** A pass from the beginning. */
    void begin(Layout layout) {
        left.clear();
        left.addAll(layout.from().all());
        cursor = "0";
        met = 0;
    }

    /** People who were met in this pass so far: moved, or, when it clears up, left behind. */
    long met() {
        return met;
    }

    /** One page of people to their new shards. Whether the pass has ended. */
    Mono<Boolean> move(Layout layout) {
        return page((shard, people) -> move(layout, shard, people));
    }

    /** One page of what tells that people left. Whether the pass has ended. */
    Mono<Boolean> clear(Layout layout) {
        return page(this::clear);
    }

    private Mono<Boolean> page(BiFunction<RedisKeys, List<String>, Mono<Long>> act) {
        return Mono.defer(() -> nextPage(act));
    }

    private Mono<Boolean> nextPage(BiFunction<RedisKeys, List<String>, Mono<Long>> act) {
        RedisKeys shard = left.peek();
        if (shard == null) {
            return Mono.just(true);
        }
        String prefix = shard.person("");
        return Mono.fromCompletionStage(() -> redis.admin().scan(prefix, cursor, prefix + "*", PAGE))
                .flatMap(reply -> {
                    Object[] found = (Object[]) reply;
                    return act.apply(shard, people(found[1], prefix.length())).map(count -> ended(count, found[0]));
                });
    }

    private boolean ended(long count, @Nullable Object next) {
        met += count;
        cursor = next instanceof byte[] text ? Bytes.ascii(text) : "0";
        if (cursor.equals("0")) {
            left.poll();
        }
        return left.isEmpty();
    }

    private static List<String> people(@Nullable Object keys, int skip) {
        List<String> people = new ArrayList<>();
        Stream.of((Object[]) (keys == null ? new Object[0] : keys))
                .forEach(key -> people.add(Bytes.utf8((byte[]) key).substring(skip)));
        return people;
    }

    /** None is gone from where they were before a replica has them where they are. */
    private Mono<Long> move(Layout layout, RedisKeys shard, List<String> people) {
        List<String> moving = people.stream()
                .filter(layout::changes)
                .filter(person -> layout.from().at(person).equals(shard))
                .toList();
        return Flux.fromIterable(moving)
                .flatMap(person -> homes.bring(layout, person), AT_ONCE)
                .filter(brought -> brought)
                .count()
                .delayUntil(count -> count == 0 ? Mono.empty() : replicated(layout, moving))
                .delayUntil(count -> Flux.fromIterable(moving)
                        .flatMap(person -> homes.gone(layout, person), AT_ONCE)
                        .then());
    }

    private Mono<Void> replicated(Layout layout, List<String> people) {
        return Flux.fromStream(people.stream().map(layout.to()::at).distinct())
                .concatMap(
                        shard -> Mono.fromCompletionStage(() -> redis.durable().replicated(shard.prefix())))
                .then();
    }

    private Mono<Long> clear(RedisKeys shard, List<String> people) {
        if (people.isEmpty()) {
            return Mono.just(0L);
        }
        List<byte[]> ids = people.stream().map(Bytes::of).toList();
        return Mono.fromCompletionStage(() -> cleared.run(redis.admin(), Bytes.of(shard.prefix()), ids))
                .map(Long.class::cast)
                .doOnNext(kept -> tell(shard, kept));
    }

    private static void tell(RedisKeys shard, long kept) {
        if (kept > 0) {
            log.atError()
                    .addKeyValue("shard", shard.tag())
                    .addKeyValue("people", kept)
                    .log("shards.people_left");
        }
    }
}
