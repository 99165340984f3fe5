package io.posthaste.store.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.connection.Connection;
import io.posthaste.job.HostPatterns;
import io.posthaste.job.Secret;
import io.posthaste.job.SecretValues;
import io.posthaste.metrics.Repeating;
import io.posthaste.redis.RedisLink;
import io.posthaste.seal.Sealer;
import io.posthaste.seal.UnknownKeyException;
import io.posthaste.seal.UnreadableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * This instance's view of secrets, snippets and signing keys. All of it is in memory: a look-up never waits. Redis is
 * asked every {@link #POLL} whether something changed, so a change made by another instance is seen within a second;
 * one's own is seen when its write completes.
 */
public final class Vault {
    static final Duration POLL = Duration.ofMillis(500);

    /** SIG-2. */
    static final int MOST_REPLACED_KEYS = 10;

    private static final Duration START = Duration.ofSeconds(10);
    private static final Logger log = LoggerFactory.getLogger(Vault.class);

    private final VaultStore store;
    private final Settings settings;
    private final Scheduler timer;
    private final Disposable.Swap loop = Disposables.swap();
    private volatile VaultContents contents = VaultContents.NONE;
    private volatile String lastFailure = "";

    /**
     * @param grace how long a replaced signing key still signs
     * @param newKey the text of a signing key nobody has seen
     */
    public record Settings(Duration grace, Supplier<String> newKey) {}

    /** What became of a wish to end a key. */
    public enum Revocation {
        REVOKED,
        /** It is the one that signs: another must take over first. */
        CURRENT,
        UNKNOWN
    }

    public Vault(RedisLink redis, Sealer sealer, Settings settings, Scheduler timer) {
        this.store = new VaultStore(redis, sealer);
        this.settings = settings;
        this.timer = timer;
    }

    /** As templates get it, or null. */
    public @Nullable Secret secret(String name) {
        StoredSecret found = contents.secrets().get(name);
        return found == null ? null : new Secret(name, found.value(), found.hosts());
    }

    /** The source of a snippet, or null. */
    public @Nullable String snippet(String name) {
        StoredSnippet found = contents.snippets().get(name);
        return found == null ? null : found.value();
    }

    /** In the order of names. */
    public Collection<StoredSecret> secrets() {
        return contents.secrets().values();
    }

    /** How receivers are reached, or null. */
    public @Nullable Connection connection(String name) {
        StoredConnection found = contents.connections().get(name);
        return found == null ? null : found.connection();
    }

    /** In the order of names. */
    public Collection<StoredConnection> connections() {
        return contents.connections().values();
    }

    /** In the order of names. */
    public Collection<StoredSnippet> snippets() {
        return contents.snippets().values();
    }

    /** Keys of both kinds, the newest first; the same list until something in the vault changes. */
    public List<StoredKey> keys() {
        return contents.keys();
    }

    /** What must not be shown: secrets and keys. */
    public SecretValues values() {
        return contents.values();
    }

    /**
     * Creates or replaces. Empty when there is no room.
     *
     * @param hosts where it may go; null for where it might go before
     */
    public Mono<StoredSecret> putSecret(String name, String value, @Nullable HostPatterns hosts) {
        return refresh()
                .then(Mono.defer(() -> store.putSecret(name, value, hosts == null ? hostsOf(name) : hosts)))
                .delayUntil(stored -> refresh());
    }

    private HostPatterns hostsOf(String name) {
        StoredSecret known = contents.secrets().get(name);
        return known == null ? HostPatterns.NONE : known.hosts();
    }

    /** Creates or replaces. Empty when there is no room. */
    public Mono<StoredSnippet> putSnippet(String name, String value) {
        return store.putSnippet(name, value).delayUntil(stored -> refresh());
    }

    /** Creates or replaces. Empty when there is no room. */
    public Mono<StoredConnection> putConnection(String name, ObjectNode definition) {
        return store.putConnection(name, definition).delayUntil(stored -> refresh());
    }

    /** False when there was none. */
    public Mono<Boolean> deleteConnection(String name) {
        return store.deleteConnection(name).delayUntil(deleted -> refresh());
    }

    /** False when there was none. */
    public Mono<Boolean> deleteSecret(String name) {
        return store.deleteSecret(name).delayUntil(deleted -> refresh());
    }

    /** False when there was none. */
    public Mono<Boolean> deleteSnippet(String name) {
        return store.deleteSnippet(name).delayUntil(deleted -> refresh());
    }

    /** Makes a new key the current one; the one before signs beside it for the grace time. Empty when too many do. */
    public Mono<StoredKey> rotate(KeyKind kind, String id) {
        return store.rotate(kind, id, settings.newKey().get(), settings.grace(), MOST_REPLACED_KEYS)
                .delayUntil(made -> refresh());
    }

    /** Ends a replaced key at once. */
    public Mono<Revocation> revoke(String id) {
        return store.revoke(id).delayUntil(done -> refresh());
    }

    /** Takes in what changed. Reads share one connection, so their replies come in the order of the questions. */
    public Mono<Void> refresh() {
        return store.lastChange()
                .filter(last -> last != contents.change())
                .flatMap(last -> store.read(contents))
                .doOnNext(this::takeIn)
                .then();
    }

    private void takeIn(VaultContents read) {
        if (!read.unreadable().keySet().equals(contents.unreadable().keySet())) {
            read.unreadable()
                    .values()
                    .forEach(entry -> log.atError()
                            .addKeyValue("problem", entry.problem())
                            .addKeyValue("fix", "store it anew, or delete it; until then what was known of it is used")
                            .log("vault.entry_unreadable"));
        }
        contents = read;
    }

    /** What cannot be read of the vault, one line each. */
    public List<String> problems() {
        return contents.unreadable().values().stream()
                .map(UnreadableException::problem)
                .toList();
    }

    /**
     * Reads everything once, then looks for changes. Blocks until read. {@link UnreadableException} when a master key is
     * missing, or a signing key is not what was written: a gateway that knows only a part would fail deliveries, or sign
     * with another key than receivers expect. A damaged secret or snippet fails those alone that need it.
     */
    public void start() {
        VaultContents first =
                Objects.requireNonNull(store.read(VaultContents.NONE).block(START));
        List<String> fatal = first.unreadable().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof UnknownKeyException
                        || entry.getKey().startsWith("signing key "))
                .map(entry -> entry.getValue().problem())
                .toList();
        if (!fatal.isEmpty()) {
            throw new UnreadableException(String.join("; ", fatal));
        }
        takeIn(first);
        Long resealed = store.reseal().block(START);
        if (resealed != null && resealed > 0) {
            log.atInfo().addKeyValue("values", resealed).log("vault.resealed");
        }
        loop.update(Repeating.every(
                "vault",
                POLL,
                POLL,
                timer,
                () -> refresh()
                        .doOnSuccess(done -> lastFailure = "")
                        .onErrorResume(failure -> Mono.fromRunnable(() -> tell(failure)))));
    }

    public void stop() {
        loop.dispose();
    }

    /** What was known stays in use; the same failure is told once. */
    private void tell(Throwable failure) {
        String cause = failure.toString();
        if (!cause.equals(lastFailure)) {
            log.atWarn().addKeyValue("cause", cause).log("vault.refresh_failed");
        }
        lastFailure = cause;
    }
}
