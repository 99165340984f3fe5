package io.posthaste.store.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.job.HostPatterns;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.TreeOutput;
import io.posthaste.seal.Sealer;
import io.posthaste.seal.UnreadableException;
import io.posthaste.store.DamagedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Secrets, snippets and signing keys in Redis. Secrets and keys are sealed before they get there. Each write is one
 * script, each read is one moment.
 */
final class VaultStore {
    private static final Logger LOG = LoggerFactory.getLogger(VaultStore.class);

    /** One hash tag, so that scripts may touch all of it on a cluster. */
    private static final String PREFIX = "posthaste:{vault}:";

    private static final String SECRETS = "secrets";
    private static final String SNIPPETS = "snippets";
    private static final String KEYS = "keys";
    private static final String CONNECTIONS = "connections";

    /** All of it is in memory everywhere. */
    private static final int MOST_NAMES = 1_000;

    private static final int MOST_BYTES = 5 << 20;

    /** For what is no number: no change has it, so the vault is read once more. */
    private static final Long NO_CHANGE = -1L;

    private final RedisLink redis;
    private final VaultCodec codec;
    private final LuaScript read = script("read");
    private final LuaScript put = script("put");
    private final LuaScript delete = script("delete");
    private final LuaScript rotate = script("rotate");
    private final LuaScript revoke = script("revoke");
    private final LuaScript reseal = script("reseal");

    VaultStore(RedisLink redis, Sealer sealer) {
        this.redis = redis;
        this.codec = new VaultCodec(sealer);
    }

    /** Empty when there is no room for it. */
    Mono<StoredSecret> putSecret(String name, String value, HostPatterns hosts) {
        return put(SECRETS, name, codec.secret(name, value, hosts)).map(document -> codec.secretOf(name, document));
    }

    /** Empty when there is no room for it. */
    Mono<StoredSnippet> putSnippet(String name, String value) {
        return put(SNIPPETS, name, codec.snippet(value)).map(document -> codec.snippetOf(name, document));
    }

    /** Empty when there is no room for it. */
    Mono<StoredConnection> putConnection(String name, ObjectNode definition) {
        return put(CONNECTIONS, name, codec.connection(name, definition))
                .map(document -> codec.connectionOf(name, document));
    }

    /** False when there was none. */
    Mono<Boolean> deleteConnection(String name) {
        return run(delete, CONNECTIONS, name).map(deleted -> deleted.equals(1L));
    }

    /** False when there was none. */
    Mono<Boolean> deleteSecret(String name) {
        return run(delete, SECRETS, name).map(deleted -> deleted.equals(1L));
    }

    /** False when there was none. */
    Mono<Boolean> deleteSnippet(String name) {
        return run(delete, SNIPPETS, name).map(deleted -> deleted.equals(1L));
    }

    /** Makes a key the current one of its kind. Empty when {@code mostReplaced} others still sign. */
    Mono<StoredKey> rotate(KeyKind kind, String id, String text, Duration grace, int mostReplaced) {
        return run(rotate, id, kind.word(), codec.sealedKey(id, text), "" + grace.toMillis(), "" + mostReplaced)
                .map(document -> codec.keyOf(id, text(document)));
    }

    /** Removes a replaced key. */
    Mono<Vault.Revocation> revoke(String id) {
        return run(revoke, id).map(done -> Vault.Revocation.valueOf(text(done).toUpperCase(Locale.ROOT)));
    }

    /** The number of the last change, 0 before the first. */
    Mono<Long> lastChange() {
        return Mono.fromCompletionStage(() -> redis.send(CommandType.GET, PREFIX + "change"))
                .map(number -> change(text(number)))
                .onErrorResume(VaultStore::isForeign, foreign -> Mono.just(NO_CHANGE))
                .defaultIfEmpty(0L);
    }

    private static boolean isForeign(Throwable failure) {
        return DamagedRecord.of("the vault", failure) instanceof DamagedRecord;
    }

    private static long change(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : NO_CHANGE;
    }

    /**
     * Everything.
     *
     * @param before what was known; it stays of entries that cannot be read
     */
    Mono<VaultContents> read(VaultContents before) {
        return run(read).map(reply -> contents((Object[]) reply, before));
    }

    /** Seals anew what was sealed under another than the first master key. Answers how many were. */
    Mono<Long> reseal() {
        return run(read)
                .flatMapIterable(reply -> outdated((Object[]) reply))
                .concatMap(one -> run(reseal, one.hash(), one.name(), one.document(), one.resealed()))
                .filter(replaced -> replaced.equals(1L))
                .count();
    }

    private record Outdated(String hash, String name, String document, String resealed) {}

    private List<Outdated> outdated(Object[] parts) {
        return Stream.of(
                        outdated(SECRETS, VaultCodec.SECRET, parts[1]),
                        outdated(KEYS, VaultCodec.KEY, parts[3]),
                        outdated(CONNECTIONS, VaultCodec.CONNECTION, parts[4]))
                .flatMap(all -> all)
                .toList();
    }

    private Stream<Outdated> outdated(String hash, String kind, Object entries) {
        return entries(entries).entrySet().stream().flatMap(entry -> {
            String resealed = resealed(kind, entry);
            return resealed == null
                    ? Stream.empty()
                    : Stream.of(new Outdated(hash, entry.getKey(), entry.getValue(), resealed));
        });
    }

    /** Null when there is nothing to do, or nothing that can be done. */
    private @Nullable String resealed(String kind, Map.Entry<String, String> entry) {
        try {
            return codec.resealed(kind, entry.getKey(), entry.getValue());
        } catch (UnreadableException e) {
            return null;
        }
    }

    private VaultContents contents(Object[] parts, VaultContents before) {
        for (Object key : (Object[]) parts[5]) {
            LOG.atError()
                    .addKeyValue("key", text(key))
                    .addKeyValue("reason", "not of its type")
                    .log("vault.set-aside");
        }
        Map<String, UnreadableException> unreadable = new TreeMap<>();
        Map<String, StoredSecret> secrets =
                new Reading<>("secret", codec::secretOf, before.secrets()).of(parts[1], unreadable);
        Map<String, StoredSnippet> snippets =
                new Reading<>("snippet", codec::snippetOf, before.snippets()).of(parts[2], unreadable);
        Map<String, StoredKey> keys =
                new Reading<>("signing key", codec::keyOf, byId(before.keys())).of(parts[3], unreadable);
        Map<String, StoredConnection> connections =
                new Reading<>("connection", codec::connectionOf, before.connections()).of(parts[4], unreadable);
        List<StoredKey> newestFirst = keys.values().stream()
                .sorted(Comparator.comparingLong(StoredKey::createdAtMillis).reversed())
                .toList();
        return VaultContents.of(change(text(parts[0])), secrets, snippets, newestFirst, connections, unreadable);
    }

    private static Map<String, StoredKey> byId(List<StoredKey> keys) {
        return keys.stream().collect(Collectors.toMap(StoredKey::id, key -> key));
    }

    /** One hash of the vault: an entry that cannot be read stays as it was known, and hides no other. */
    private record Reading<T>(String kind, BiFunction<String, String, T> decode, Map<String, T> before) {
        Map<String, T> of(Object entries, Map<String, UnreadableException> unreadable) {
            Map<String, T> decoded = new TreeMap<>();
            entries(entries).forEach((name, document) -> {
                try {
                    decoded.put(name, decode.apply(name, document));
                } catch (UnreadableException e) {
                    unreadable.put(kind + " " + name, e);
                    if (before.containsKey(name)) {
                        decoded.put(name, before.get(name));
                    }
                }
            });
            return decoded;
        }
    }

    private static Map<String, String> entries(Object flat) {
        return new TreeMap<>(TreeOutput.texts(flat));
    }

    private Mono<String> put(String hash, String name, String document) {
        return run(put, hash, name, document, "" + MOST_NAMES, "" + MOST_BYTES).map(VaultStore::text);
    }

    private Mono<Object> run(LuaScript script, String... arguments) {
        List<byte[]> args = Stream.of(arguments)
                .map(a -> a.getBytes(StandardCharsets.UTF_8))
                .toList();
        byte[] prefix = PREFIX.getBytes(StandardCharsets.UTF_8);
        return Mono.fromCompletionStage(() -> script.run(redis, prefix, args));
    }

    private static LuaScript script(String name) {
        return LuaScript.load("vault/" + name + ".lua");
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }
}
