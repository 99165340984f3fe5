package io.posthaste.store;

/**
 * A secret that templates may use by its name (M89).
 *
 * @param value never shown again once it is stored
 */
public record StoredSecret(String name, String value, long createdAtMillis, long updatedAtMillis)
        implements VaultEntry {
    @Override
    public String toString() {
        return "StoredSecret[" + name + "]";
    }
}
