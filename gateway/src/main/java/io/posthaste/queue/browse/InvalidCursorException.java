package io.posthaste.queue.browse;

/** A cursor that no page ended with. */
public final class InvalidCursorException extends RuntimeException {
    InvalidCursorException() {
        super("not a cursor of this list");
    }
}
