package io.posthaste.queue;

import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisLink;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Runs scripts on one shard, off the hot path. */
public record ScriptRunner(RedisLink link, byte[] prefix, int laneMaxInFlight) {

    /** Numbers and texts become arguments, after the default lane limit that every script takes first. */
    public Mono<Object> run(LuaScript script, Object... arguments) {
        List<byte[]> texts = texts(laneMaxInFlight, arguments);
        return Mono.fromCompletionStage(() -> script.run(link, prefix, texts));
    }

    /** The arguments of a script that takes these; many stand for themselves. */
    static List<byte[]> texts(int laneMaxInFlight, Object... arguments) {
        List<byte[]> texts = new ArrayList<>(arguments.length + 1);
        texts.add(Bytes.of(laneMaxInFlight));
        for (Object argument : arguments) {
            if (argument instanceof Iterable<?> many) {
                many.forEach(one -> texts.add(Bytes.of(String.valueOf(one))));
            } else {
                texts.add(Bytes.of(String.valueOf(argument)));
            }
        }
        return texts;
    }
}
