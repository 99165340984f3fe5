package io.posthaste.store;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import reactor.core.publisher.Mono;

/** A Lua script of this package, run by its SHA and loaded when Redis does not know it (any more). */
final class Script {
    private final RedisClusterAsyncCommands<String, String> redis;
    private final String source;
    private final String sha;
    private final ScriptOutputType output;

    Script(RedisClusterAsyncCommands<String, String> redis, String file, ScriptOutputType output) {
        this.redis = redis;
        this.source = resource(file);
        this.sha = redis.digest(source);
        this.output = output;
    }

    <T> Mono<T> run(List<String> keys, String... args) {
        return this.<T>evaluate(keys, args)
                .onErrorResume(RedisNoScriptException.class, unknown -> load().then(evaluate(keys, args)));
    }

    private <T> Mono<T> evaluate(List<String> keys, String... args) {
        return Mono.fromCompletionStage(() -> redis.evalsha(sha, output, keys.toArray(String[]::new), args));
    }

    private Mono<String> load() {
        return Mono.fromCompletionStage(() -> redis.scriptLoad(source));
    }

    private static String resource(String file) {
        try (InputStream in = Script.class.getResourceAsStream("/store/" + file)) {
            if (in == null) {
                throw new IllegalStateException("/store/" + file + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
