package io.posthaste.store.vault;

/** Something in the vault that actions use by its name. */
public sealed interface VaultEntry permits StoredSecret, StoredSnippet, StoredConnection {
    String name();

    /** Epoch milliseconds. */
    long createdAtMillis();

    /** Epoch milliseconds; as created until it is replaced. */
    long updatedAtMillis();
}
