package io.posthaste.sign;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signing key: the UTF-8 bytes of its text, which is not decoded in any way (M49). Never printed. Compared by
 * identity: nobody needs to know whether two keys are the same.
 */
public final class SigningKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    private SigningKey(SecretKeySpec secret) {
        this.secret = secret;
    }

    /** @param text at least one character */
    public static SigningKey of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a signing key needs at least one character");
        }
        return new SigningKey(new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM));
    }

    /** A new HMAC-SHA256 under this key; used by one thread at a time. */
    Mac newMac() {
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
