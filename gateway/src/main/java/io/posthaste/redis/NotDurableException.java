package io.posthaste.redis;

/** Nobody confirms that a write outlives its server; the message says whether it was written, and what to do. */
public final class NotDurableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotDurableException(String message) {
        super(message);
    }
}
