package io.posthaste.store.rate;

import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.layout.Layouts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Requests that hosts with a limit may get, given out by Redis, which counts those of all gateways. A host has one key on
 * one shard, whichever shards its jobs are on: the limit is exact however many shards and gateways there are,
 * but for the seconds in which the number of shards changes: two keys may count then.
 */
public final class RateTokens {
    private final RedisLink redis;
    private final Layouts layouts;
    private final LuaScript lease = LuaScript.load("rate/lease.lua");

    /**
     * What was given.
     *
     * @param tokens requests, 0 to as many as were wanted
     * @param nextMicros where that is fewer, after how long there is another; else 0
     */
    public record Grant(int tokens, long nextMicros) {}

    public RateTokens(RedisLink redis, Layouts layouts) {
        this.redis = redis;
        this.layouts = layouts;
    }

    /**
     * Gives a part of what the limit has left, for good: what is not used is lost. Fails when Redis does not answer.
     *
     * @param wanted 1 or more
     */
    public Mono<Grant> lease(String host, double perSecond, int wanted) {
        byte[] prefix = layouts.now().now().at(host).prefix().getBytes(StandardCharsets.UTF_8);
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
