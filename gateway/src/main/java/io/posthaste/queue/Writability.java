package io.posthaste.queue;

import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.RedisOutage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Whether Redis answers and takes writes, found out without one: it refuses a script that might write where it refuses writes. */
public final class Writability {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final RedisLink link;
    private final byte[] prefix;
    private final Scheduler timer;
    private final LuaScript script = LuaScript.of("#!lua\nreturn 1");

    public Writability(RedisConnections redis, QueueSettings settings, Scheduler timer) {
        this.link = redis.admin();
        this.prefix = Bytes.of(new RedisKeys(settings.tag()).prefix());
        this.timer = timer;
    }

    /** Why it does not, in a sentence; empty text when it does. Never fails. */
    public Mono<String> refusal() {
        return Mono.fromCompletionStage(() -> script.run(link, prefix, List.of()))
                .map(done -> "")
                .timeout(PATIENCE, timer)
                .onErrorResume(failure -> Mono.just(why(failure)));
    }

    private static String why(Throwable failure) {
        String refusal = RedisOutage.of(failure);
        if (refusal != null) {
            return refusal;
        }
        return failure instanceof TimeoutException ? RedisOutage.SILENT : "Redis cannot be used: " + failure;
    }
}
