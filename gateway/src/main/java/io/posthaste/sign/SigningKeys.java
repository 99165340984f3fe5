package io.posthaste.sign;

import io.posthaste.config.GatewayConfig;
import io.posthaste.config.SecretFile;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The workspace's signing keys now (M51, M52).
 *
 * @param current signs every request
 * @param previous the key it replaced, which signs beside it until {@code previousUntil}; null when there is none
 * @param previousUntil from then on {@code previous} signs nothing
 */
public record SigningKeys(SigningKey current, @Nullable SigningKey previous, Instant previousUntil) {
    private static final int GENERATED_BYTES = 32;

    /** One key and no other. */
    public static SigningKeys only(SigningKey current) {
        return new SigningKeys(current, null, Instant.EPOCH);
    }

    /** After {@code next} took over: what is current now still signs until {@code until}. */
    public SigningKeys rotatedTo(SigningKey next, Instant until) {
        return new SigningKeys(next, current, until);
    }

    /**
     * The configured key, or the one kept in the configured file, or a new one that is kept there.
     *
     * @param random a cryptographic source of chance
     */
    public static SigningKeys load(GatewayConfig.Keys config, RandomGenerator random) {
        String configured = config.signing();
        return only(SigningKey.of(
                configured != null
                        ? configured
                        : SecretFile.readOrCreate(config.signingFile(), () -> generate(random))));
    }

    /** A new key's text: 256 random bits as 64 lower-case hexadecimal digits. */
    public static String generate(RandomGenerator random) {
        byte[] bytes = new byte[GENERATED_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
