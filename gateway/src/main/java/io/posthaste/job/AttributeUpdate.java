package io.posthaste.job;

import org.jspecify.annotations.Nullable;

/**
 * What a success does to its person (M68). It is a part of the settlement, so that it happens once per delivery or not
 * at all (M73).
 */
public sealed interface AttributeUpdate {

    /**
     * All of it, in the step that tells of the success; refused when the person has another version by then.
     *
     * @param person the person as they will be, with the version that this was made from; null when only attributes of
     *     the journey are set, which are published and not stored (M77)
     * @param set what is set, a JSON object by attribute; null where one is cleared
     */
    record Change(@Nullable Person person, byte[] set) implements AttributeUpdate {}

    /** Nothing is set, and the delivery stays sent (M74). */
    record Failed(String reason) implements AttributeUpdate {}

    /** What became of a delivery's update. */
    enum State {
        /** There was nothing to set, or nothing yet. */
        NONE,
        SET,
        FAILED
    }
}
