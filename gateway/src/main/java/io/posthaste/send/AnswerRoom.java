package io.posthaste.send;

/** Heap for a large answer, which is asked for before the answer is read: thousands may come at once. */
@FunctionalInterface
public interface AnswerRoom {
    /** For whoever has few requests under way. */
    AnswerRoom UNCOUNTED = (bytes, whenFree) -> true;

    /**
     * Sets bytes aside, once for a request.
     *
     * @param whenFree runs once, on any thread, when there was no room and they have been set aside after all
     * @return whether there was room
     */
    boolean reserve(long bytes, Runnable whenFree);
}
