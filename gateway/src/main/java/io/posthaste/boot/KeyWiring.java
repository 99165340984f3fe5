package io.posthaste.boot;

import io.posthaste.config.ConfigException;
import io.posthaste.config.GatewayConfig;
import io.posthaste.config.SecretFile;
import io.posthaste.redis.RedisConnections;
import io.posthaste.seal.Sealer;
import io.posthaste.seal.UnreadableException;
import io.posthaste.sign.RequestSigner;
import io.posthaste.sign.SigningKey;
import io.posthaste.store.vault.KeyKind;
import io.posthaste.store.vault.Vault;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The vault, and what signs with its keys. */
record KeyWiring(Foundation on, Sealer sealer, Vault vault) {

    /** What nobody can decrypt is told before anything is started: half a vault would fail what others can deliver. */
    static KeyWiring start(Foundation on, RedisConnections redis) {
        GatewayConfig.Keys config = on.config().keys();
        RandomGenerator random = on.random();
        Vault.Settings settings = new Vault.Settings(config.grace(), () -> SigningKey.generate(random));
        Sealer sealer = sealer(config, random);
        Vault vault = new Vault(redis.admin(), sealer, settings, on.timer());
        on.lifecycle().onStop("vault", vault::stop);
        try {
            vault.start();
            return new KeyWiring(on, sealer, vault);
        } catch (UnreadableException e) {
            throw new ConfigException(
                    List.of(
                            "keys.encryption: " + e.problem() + "; add the key it was encrypted under,"
                                    + " or remove it with redis-cli HDEL from posthaste:{vault}:secrets or posthaste:{vault}:keys"));
        }
    }

    private static Sealer sealer(GatewayConfig.Keys keys, RandomGenerator random) {
        try {
            return Sealer.of(secret(keys.encryption(), keys.encryptionFile(), () -> Sealer.generate(random)), random);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    List.of("keys.encryption-file: %s: %s".formatted(keys.encryptionFile(), e.getMessage())));
        }
    }

    /** Signs with the keys of that kind, whichever they are at the moment. */
    RequestSigner signer(KeyKind kind) {
        GatewayConfig.Keys keys = on.config().keys();
        RandomGenerator random = on.random();
        String initial = switch (kind) {
            case ACTION -> secret(keys.signing(), keys.signingFile(), () -> SigningKey.generate(random));
            case REPORTING -> secret(keys.reporting(), keys.reportingFile(), () -> SigningKey.generate(random));
        };
        VaultKeys current = new VaultKeys(vault::keys, kind, SigningKey.of(initial));
        return new RequestSigner(current, on.clock(), on.config().send().headerPrefix());
    }

    /** As configured, or kept in a file and made at the first start. */
    static String secret(@Nullable String configured, Path file, Supplier<String> generate) {
        return configured != null ? configured : SecretFile.readOrCreate(file, generate);
    }
}
