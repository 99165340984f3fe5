package io.posthaste.store.vault;

import java.util.Locale;

/** What a signing key signs: deliveries, or reports about them. Each kind has keys of its own (M51). */
public enum KeyKind {
    ACTION,
    REPORTING;

    /** As the API and Redis write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Names the configured key, which signs until one of this kind is made through the API. */
    public String initialId() {
        return "initial-" + word();
    }
}
