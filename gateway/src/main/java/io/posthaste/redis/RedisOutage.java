package io.posthaste.redis;

import io.lettuce.core.RedisException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a failure of Redis means for whoever waits for it. */
public final class RedisOutage {
    /** When there is no answer at all. */
    public static final String SILENT = "Redis does not answer";

    /** By the first word of what Redis says. */
    private static final Map<String, String> REFUSALS = Map.of(
            "OOM", "Redis takes no writes: its memory is full (raise maxmemory, or let the backlog drain)",
            "MISCONF", "Redis takes no writes: it cannot write to its disk",
            "READONLY", "Redis takes no writes: it is a replica",
            "LOADING", "Redis is still loading its data",
            "BUSY", "Redis is busy with a script",
            "TRYAGAIN", "Redis is moving these keys to another server",
            "CLUSTERDOWN", "the Redis cluster has no server for these keys");

    private RedisOutage() {}

    /** One sentence for people; null when the failure is not one of Redis. */
    public static @Nullable String of(Throwable failure) {
        if (failure instanceof NotDurableException unconfirmed) {
            return unconfirmed.getMessage();
        }
        if (!(failure instanceof RedisException)) {
            return null;
        }
        String said = String.valueOf(failure.getMessage());
        return REFUSALS.getOrDefault(said.split(" ", 2)[0], SILENT);
    }
}
