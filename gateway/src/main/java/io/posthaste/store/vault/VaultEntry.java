package io.posthaste.store.vault;

/** Something in the vault that templates use by its name. */
public sealed interface VaultEntry permits StoredSecret, StoredSnippet {
    String name();

    /** Epoch milliseconds. */
    long createdAtMillis();

    /** Epoch milliseconds; as created until it is replaced. */
    long updatedAtMillis();
}
