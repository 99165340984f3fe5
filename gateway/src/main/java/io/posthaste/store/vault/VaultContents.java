package io.posthaste.store.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.connection.Connection;
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
 * @param connections by name, in the order of names
 * @param values secrets, keys and what connections hold of both, for hiding them
 * @param unreadable by what it is, {@code secret a}: why the entry cannot be read; what was known of it before is kept
 */
record VaultContents(
        long change,
        Map<String, StoredSecret> secrets,
        Map<String, StoredSnippet> snippets,
        List<StoredKey> keys,
        Map<String, StoredConnection> connections,
        SecretValues values,
        Map<String, UnreadableException> unreadable) {
    static final VaultContents NONE = VaultContents.of(0, Map.of(), Map.of(), List.of(), Map.of(), Map.of());

    static VaultContents of(
            long change,
            Map<String, StoredSecret> secrets,
            Map<String, StoredSnippet> snippets,
            List<StoredKey> keys,
            Map<String, StoredConnection> connections,
            Map<String, UnreadableException> unreadable) {
        List<String> values = new ArrayList<>();
        secrets.values().forEach(secret -> values.add(secret.value()));
        for (StoredKey key : keys) {
            @Nullable String text = key.text();
            if (text != null) {
                values.add(text);
            }
        }
        connections.values().forEach(stored -> addSecrets(stored.connection(), stored.definition(), values));
        return new VaultContents(change, secrets, snippets, keys, connections, SecretValues.of(values), unreadable);
    }

    private static void addSecrets(Connection connection, ObjectNode definition, List<String> values) {
        if (connection.identity() != null) {
            values.add(definition.path("key").asText());
        }
        if (connection.oauth2() != null) {
            values.add(connection.oauth2().clientSecret());
        }
        if (connection.proxy() != null) {
            values.add(connection.proxy().password());
        }
    }
}
