package io.posthaste.store.vault;

import io.posthaste.job.SecretValues;
import io.posthaste.seal.UnreadableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything in the vault at one moment.
 *
 * @param change number of the last change that is in it
 * @param secrets by name, in the order of names
 * @param snippets by name, in the order of names
 * @param keys of both kinds, the newest first
 * @param values secrets and keys, for hiding them
 * @param unreadable by what it is, {@code secret a}: why the entry cannot be read; what was known of it before is kept
 */
record VaultContents(
        long change,
        Map<String, StoredSecret> secrets,
        Map<String, StoredSnippet> snippets,
        List<StoredKey> keys,
        SecretValues values,
        Map<String, UnreadableException> unreadable) {
    static final VaultContents NONE = VaultContents.of(0, Map.of(), Map.of(), List.of(), Map.of());

    static VaultContents of(
            long change,
            Map<String, StoredSecret> secrets,
            Map<String, StoredSnippet> snippets,
            List<StoredKey> keys,
            Map<String, UnreadableException> unreadable) {
        List<String> values = new ArrayList<>();
        secrets.values().forEach(secret -> values.add(secret.value()));
        for (StoredKey key : keys) {
            @Nullable String text = key.text();
            if (text != null) {
                values.add(text);
            }
        }
        return new VaultContents(change, secrets, snippets, keys, SecretValues.of(values), unreadable);
    }
}
