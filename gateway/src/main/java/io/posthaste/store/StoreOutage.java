package io.posthaste.store;

import io.lettuce.core.RedisException;

/** Redis did not answer for a record, or took no command: nothing is known of it, and asking again later helps. */
public final class StoreOutage extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreOutage(Throwable cause) {
        super(cause);
    }

    /** What a failed read means to a delivery. */
    public static Throwable of(Throwable failure) {
        return failure instanceof RedisException ? new StoreOutage(failure) : failure;
    }
}
