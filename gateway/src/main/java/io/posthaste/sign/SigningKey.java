package io.posthaste.sign;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signing key. {@code v0} signatures use the UTF-8 bytes of its text, which is not decoded in any way (M49). Standard
 * Webhooks uses the same bytes, unless the text is {@code whsec_} and base64: then the bytes that stand for (SIG-3).
 * Never printed. Compared by identity: nobody needs to know whether two keys are the same.
 */
public final class SigningKey {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String STANDARD_PREFIX = "whsec_";
    private static final int GENERATED_BYTES = 32;

    private final SecretKeySpec secret;
    private final SecretKeySpec standardWebhooks;

    private SigningKey(SecretKeySpec secret, SecretKeySpec standardWebhooks) {
        this.secret = secret;
        this.standardWebhooks = standardWebhooks;
    }

    /** @param text at least one character */
    public static SigningKey of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a signing key needs at least one character");
        }
        SecretKeySpec secret = new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        byte[] decoded = decoded(text);
        return new SigningKey(secret, decoded.length == 0 ? secret : new SecretKeySpec(decoded, ALGORITHM));
    }

    /**
     * A new key's text: {@code whsec_} and the base64 of 256 random bits, which every receiver takes as it stands.
     *
     * @param random a cryptographic source of chance
     */
    public static String generate(RandomGenerator random) {
        byte[] bytes = new byte[GENERATED_BYTES];
        random.nextBytes(bytes);
        return STANDARD_PREFIX + Base64.getEncoder().encodeToString(bytes);
    }

    /** What {@code whsec_} and base64 stand for; empty for any other text. */
    private static byte[] decoded(String text) {
        if (!text.startsWith(STANDARD_PREFIX)) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(text.substring(STANDARD_PREFIX.length()));
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    /** A new HMAC-SHA256 under this key for {@code v0} signatures; used by one thread at a time. */
    Mac newMac() {
        return mac(secret);
    }

    /** The same for Standard Webhooks. */
    Mac newStandardWebhooksMac() {
        return mac(standardWebhooks);
    }

    private static Mac mac(SecretKeySpec secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[***]";
    }
}
