package io.posthaste.liquid.template;

/** A piece of a compiled template: writes itself. Immutable once its template is made; shared by all threads. */
public interface Node {
    void render(Context context);

    /** Whether it never prints anything but white space, so that a block of such pieces prints nothing at all. */
    default boolean isBlank() {
        return false;
    }

    /** Drops the white space in it; asked of blank pieces only. */
    default void clear() {}
}
