package io.posthaste.store.rate;

import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.Shards;
import java.nio.charset.StandardCharsets;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Requests that hosts with a limit may get, given out by Redis, which counts those of all gateways. A host has one key on
 * one shard, whichever shards its jobs are on: the limit is exact however many shards and gateways there are.
 */
public final class RateTokens {
    private final RedisLink redis;
    private final Shards shards;
    private final LuaScript lease = LuaScript.load("rate/lease.lua");

    /**
     * What was given.
     *
     * @param tokens requests, 0 to as many as were wanted
     * @param nextMicros where that is fewer, after how long there is another; else 0
     */
    public record Grant(int tokens, long nextMicros) {}

    public RateTokens(RedisLink redis, Shards shards) {
        this.redis = redis;
        this.shards = shards;
    }

    /**
     * Gives a part of what the limit has left, for good: what is not used is lost. Fails when Redis does not answer.
     *
     * @param wanted 1 or more
     */
    public Mono<Grant> lease(String host, double perSecond, int wanted) {
        byte[] prefix = shards.at(host).prefix().getBytes(StandardCharsets.UTF_8);
        List<byte[]> arguments = List.of(bytes(host), bytes("" + perSecond), bytes("" + wanted));
        return Mono.fromCompletionStage(() -> lease.run(redis, prefix, arguments))
                .map(reply -> grant((Object[]) reply));
    }

    private static Grant grant(Object[] reply) {
        return new Grant(((Long) reply[0]).intValue(), (Long) reply[1]);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
