package io.posthaste.redis.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded Redis cannot be used; the message says why in one sentence, and what to do. */
public final class EmbeddedRedisException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EmbeddedRedisException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
