package io.posthaste.store.vault;

import io.posthaste.job.HostPatterns;

/**
 * A secret that templates may use by its name (M89).
 *
 * @param value never shown again once it is stored
 * @param hosts where it may go; none for wherever an action may send its secrets
 */
public record StoredSecret(String name, String value, HostPatterns hosts, long createdAtMillis, long updatedAtMillis)
        implements VaultEntry {
    @Override
    public String toString() {
        return "StoredSecret[" + name + "]";
    }
}
