package io.posthaste.redis;

/** Redis cannot be used as it is; the message is one sentence that names the thing, its value and the fix. */
public final class UnusableRedisException extends RuntimeException {
    public UnusableRedisException(String problem) {
        super(problem);
    }
}
