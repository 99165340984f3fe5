package io.posthaste.store.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.connection.Connection;

/**
 * How receivers of some actions are reached.
 *
 * @param definition as it was given, secrets included; never shown as it is
 */
public record StoredConnection(
        String name, ObjectNode definition, Connection connection, long createdAtMillis, long updatedAtMillis)
        implements VaultEntry {
    @Override
    public String toString() {
        return "StoredConnection[" + name + "]";
    }
}
