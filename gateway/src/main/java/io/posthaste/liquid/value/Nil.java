package io.posthaste.liquid.value;

/** The ways of having no value. All are false, empty and equal to {@code nil}; only the missing-variable rule tells them apart (M42, M43). */
public enum Nil {
    /** A stored {@code null}, or the literal {@code nil}. */
    NULL,
    /** Not there, in an object that is. */
    MISSING,
    /** The whole namespace does not exist for this kind of trigger. */
    ABSENT;

    @Override
    public String toString() {
        return "";
    }
}
