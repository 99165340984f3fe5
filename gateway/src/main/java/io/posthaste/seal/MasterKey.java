package io.posthaste.seal;

import io.posthaste.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** 256 bits under which other keys are derived. Its id tells which key sealed something, and nothing about the key. */
final class MasterKey {
    static final int BYTES = 32;
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");

    private final SecretKeySpec secret;
    private final int id;

    private MasterKey(byte[] bytes) {
        this.secret = new SecretKeySpec(bytes, "HmacSHA256");
        this.id = idOf(bytes);
        Arrays.fill(bytes, (byte) 0);
    }

    /** @param hex 64 hexadecimal digits; anything else is an IllegalArgumentException that does not repeat it */
    static MasterKey of(String hex) {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("a key is 64 hexadecimal digits");
        }
        return new MasterKey(HexFormat.of().parseHex(hex));
    }

    static String generate(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    int id() {
        return id;
    }

    /**
     * A key of its own for each name: HKDF-Expand (RFC 5869) with one block. So a random nonce may repeat only among the
     * writes of one name, and the number of records is not bounded by the 2^32 messages of one AES-GCM key.
     */
    SecretKeySpec derive(byte[] name) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            mac.update(name);
            return new SecretKeySpec(mac.doFinal(new byte[] {1}), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static int idOf(byte[] key) {
        byte[] digest = Sha256.of("posthaste key id".getBytes(StandardCharsets.US_ASCII), key);
        return ByteBuffer.wrap(digest).getInt();
    }

    @Override
    public String toString() {
        return "MasterKey[" + HexFormat.of().toHexDigits(id) + "]";
    }
}
