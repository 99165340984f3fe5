package io.posthaste.store.vault;

/** A piece of Liquid that templates may print by its name (M46). */
public record StoredSnippet(String name, String value, long createdAtMillis, long updatedAtMillis)
        implements VaultEntry {}
