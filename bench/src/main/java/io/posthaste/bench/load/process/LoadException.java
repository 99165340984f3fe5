package io.posthaste.bench.load.process;

import org.jspecify.annotations.Nullable;

/** The load test cannot run: the message names what is wrong and what to do about it. */
public final class LoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LoadException(String message) {
        super(message);
    }

    public LoadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** @throws LoadException with this message unless it holds */
    public static void unless(boolean holds, String otherwise) {
        if (!holds) {
            throw new LoadException(otherwise);
        }
    }
}
