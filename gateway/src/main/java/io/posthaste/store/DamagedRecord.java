package io.posthaste.store;

import io.lettuce.core.RedisCommandExecutionException;

/** A record in Redis that is not as it was stored: somebody else wrote to its key. */
public final class DamagedRecord extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DamagedRecord(String record, String problem) {
        super("the record of " + record + " in Redis is damaged: " + problem + "; store it anew");
    }

    /** What a failed read of a record means: a key of another type fails every one, and no repetition helps. */
    public static Throwable of(String record, Throwable failure) {
        boolean foreign = failure instanceof RedisCommandExecutionException
                && String.valueOf(failure.getMessage()).startsWith("WRONGTYPE");
        return foreign ? new DamagedRecord(record, "its key is of another type") : failure;
    }
}
