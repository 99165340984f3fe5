package io.posthaste.store.vault;

import io.posthaste.job.Secret;
import io.posthaste.redis.RedisConnections;
import io.posthaste.seal.Sealer;
import io.posthaste.testing.ConnectedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Vaults on a Redis of their own for each test. */
abstract class VaultCase {
    static final String OLD_KEY = "0".repeat(64);
    static final Duration GRACE = Duration.ofHours(1);

    @AutoClose
    final ConnectedRedis redis = new ConnectedRedis();

    final AtomicInteger made = new AtomicInteger();
    final List<Vault> started = new ArrayList<>();
    Vault vault;

    @BeforeEach
    void openVault() {
        vault = started(redis.connections, OLD_KEY, GRACE);
    }

    @AfterEach
    void stopVaults() {
        started.forEach(Vault::stop);
    }

    static @Nullable String text(Vault vault, String name) {
        Secret secret = vault.secret(name);
        return secret == null ? null : secret.value();
    }

    StoredKey key(String id) {
        return vault.keys().stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    Vault started(RedisConnections connections, String masterKeys, Duration grace) {
        Vault opened = new Vault(
                connections.admin(),
                Sealer.of(masterKeys, new Random(1)),
                new Vault.Settings(grace, () -> "text-of-key-" + made.incrementAndGet()),
                Schedulers.parallel());
        started.add(opened);
        opened.start();
        return opened;
    }

    static <T> T value(Mono<T> mono) {
        return Objects.requireNonNull(mono.block());
    }
}
