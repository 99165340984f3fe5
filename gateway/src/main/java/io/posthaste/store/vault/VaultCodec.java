package io.posthaste.store.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.connection.Connection;
import io.posthaste.connection.ConnectionReader;
import io.posthaste.job.HostPatterns;
import io.posthaste.json.MalformedJson;
import io.posthaste.json.StrictJson;
import io.posthaste.seal.Sealer;
import io.posthaste.seal.UnreadableException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The vault's entries as the JSON that Redis keeps. Redis is not trusted: what is not as written is unreadable (JOB-5). */
final class VaultCodec {
    static final String SECRET = "secret";
    static final String KEY = "signing key";
    static final String CONNECTION = "connection";
    private static final String SEALED = "sealed";
    private static final String HOSTS = "hosts";

    private final Sealer sealer;
    private final StrictJson json = new StrictJson();

    VaultCodec(Sealer sealer) {
        this.sealer = sealer;
    }

    /** What {@code put.lua} puts the times in front of. */
    String secret(String name, String value, HostPatterns hosts) {
        ObjectNode entry = object();
        if (!hosts.isEmpty()) {
            hosts.patterns().forEach(entry.putArray(HOSTS)::add);
        }
        return entry.put(SEALED, seal(SECRET, bound(name, hosts), value)).toString();
    }

    /** Sealed with the value, so that nobody lets a secret go elsewhere by changing what stands beside it. */
    private static String bound(String name, HostPatterns hosts) {
        return hosts.isEmpty() ? name : name + " to " + hosts;
    }

    private static HostPatterns hosts(String name, ObjectNode entry) {
        List<String> hosts = new ArrayList<>();
        for (JsonNode host : entry.path(HOSTS)) {
            if (!HostPatterns.isPattern(host.asText())) {
                throw notAsWritten(SECRET, name);
            }
            hosts.add(host.asText());
        }
        return new HostPatterns(hosts);
    }

    String snippet(String value) {
        return object().put("value", value).toString();
    }

    String sealedKey(String id, String text) {
        return seal(KEY, id, text);
    }

    String connection(String name, ObjectNode definition) {
        return object().put(SEALED, seal(CONNECTION, name, definition.toString()))
                .toString();
    }

    /** {@link UnreadableException} for this and the others when it is not what was written. */
    StoredSecret secretOf(String name, String document) {
        ObjectNode entry = entry(SECRET, name, document);
        HostPatterns hosts = hosts(name, entry);
        String value = open(SECRET, bound(name, hosts), entry.path(SEALED).asText());
        return new StoredSecret(name, value, hosts, millis(entry, "created_at"), millis(entry, "updated_at"));
    }

    StoredSnippet snippetOf(String name, String document) {
        ObjectNode entry = entry("snippet", name, document);
        return new StoredSnippet(
                name, entry.path("value").asText(), millis(entry, "created_at"), millis(entry, "updated_at"));
    }

    StoredConnection connectionOf(String name, String document) {
        ObjectNode entry = entry(CONNECTION, name, document);
        ObjectNode definition = entry(
                CONNECTION, name, open(CONNECTION, name, entry.path(SEALED).asText()));
        long updated = millis(entry, "updated_at");
        // What was right when it was saved is used as long as it works: an expired certificate is the receiver's to
        // refuse.
        Connection connection = ConnectionReader.read(name, updated, definition, () -> Instant.EPOCH)
                .connection();
        return new StoredConnection(name, definition, connection, millis(entry, "created_at"), updated);
    }

    StoredKey keyOf(String id, String document) {
        ObjectNode entry = entry(KEY, id, document);
        String sealed = entry.path(SEALED).asText();
        boolean isWhole = !sealed.isEmpty() || id.startsWith("initial-"); // which is configured, and not kept here
        if (!isWhole || !entry.path("signs_until").isIntegralNumber()) {
            throw notAsWritten(KEY, id);
        }
        return new StoredKey(
                id,
                kindOf(id, entry.path("kind").asText()),
                sealed.isEmpty() ? null : open(KEY, id, sealed),
                millis(entry, "created_at"),
                millis(entry, "signs_until"));
    }

    /** The same entry sealed under the first master key; null when it is already. */
    @Nullable
    String resealed(String kind, String name, String document) {
        ObjectNode entry = entry(kind, name, document);
        String sealed = entry.path(SEALED).asText();
        if (sealed.isEmpty() || sealer.isCurrent(bytes(kind, name, sealed))) {
            return null;
        }
        String bound = kind.equals(SECRET) ? bound(name, hosts(name, entry)) : name;
        return entry.put(SEALED, seal(kind, bound, open(kind, bound, sealed))).toString();
    }

    private String seal(String kind, String name, String value) {
        byte[] sealed = sealer.seal(kind, name, value.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(sealed);
    }

    private String open(String kind, String name, String sealed) {
        return new String(sealer.open(kind, name, bytes(kind, name, sealed)), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String kind, String name, String sealed) {
        try {
            return Base64.getDecoder().decode(sealed);
        } catch (IllegalArgumentException notBase64) {
            throw notAsWritten(kind, name);
        }
    }

    private ObjectNode entry(String kind, String name, String document) {
        try {
            if (json.read(document) instanceof ObjectNode object) {
                return object;
            }
        } catch (MalformedJson broken) {
            // Said below.
        }
        throw notAsWritten(kind, name);
    }

    private static KeyKind kindOf(String id, String word) {
        try {
            return KeyKind.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw notAsWritten(KEY, id);
        }
    }

    private static long millis(JsonNode entry, String name) {
        return entry.path(name).asLong();
    }

    private static UnreadableException notAsWritten(String kind, String name) {
        return new UnreadableException(kind + " " + name + " is not what was written");
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
