package io.posthaste.store.vault;

import org.jspecify.annotations.Nullable;

/**
 * A signing key.
 *
 * @param text the key, or null for the configured one, which is not kept in Redis
 * @param createdAtMillis 0 for the configured one
 * @param signsUntilMillis until when it signs beside the current key; 0 for the current one
 */
public record StoredKey(String id, KeyKind kind, @Nullable String text, long createdAtMillis, long signsUntilMillis) {

    public boolean isCurrent() {
        return signsUntilMillis == 0;
    }

    @Override
    public String toString() {
        return "StoredKey[" + id + "]";
    }
}
