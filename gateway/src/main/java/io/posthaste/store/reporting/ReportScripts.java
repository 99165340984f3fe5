package io.posthaste.store.reporting;

import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Runs the scripts of reporting webhooks on one shard, and reads what they answer. */
record ReportScripts(RedisLink redis, RedisKeys keys) {

    static LuaScript load(String name) {
        return LuaScript.load("report/" + name + ".lua");
    }

    /** Empty when the script answers nil. */
    Mono<Object> run(LuaScript script, Object... arguments) {
        List<byte[]> texts = Stream.of(arguments)
                .map(argument -> argument.toString().getBytes(StandardCharsets.UTF_8))
                .toList();
        byte[] prefix = keys.prefix().getBytes(StandardCharsets.UTF_8);
        return Mono.fromCompletionStage(() -> script.run(redis, prefix, texts));
    }

    static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }

    static long number(@Nullable Object reply) {
        if (reply instanceof Long number) {
            return number;
        }
        String text = text(reply);
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
