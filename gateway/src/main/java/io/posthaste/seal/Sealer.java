package io.posthaste.seal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals bytes with AES-256-GCM and opens them again. Kind and name are authenticated and part of the key, so what was
 * sealed as one thing never opens as another. Sealed bytes: version (1), id of the master key (4), nonce (12),
 * ciphertext with its tag. Thread-safe.
 */
public final class Sealer {
    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern BETWEEN_KEYS = Pattern.compile("[\\s,]+");

    private final List<MasterKey> keys;
    private final RandomGenerator random;

    private Sealer(List<MasterKey> keys, RandomGenerator random) {
        this.keys = keys;
        this.random = random;
    }

    /**
     * @param keys one or more keys of 64 hexadecimal digits with commas or line ends between them: the first seals, all
     *     open. Anything else is an IllegalArgumentException that repeats none of it.
     * @param random a cryptographic source of chance
     */
    public static Sealer of(String keys, RandomGenerator random) {
        List<MasterKey> read =
                Stream.of(BETWEEN_KEYS.split(keys.strip())).map(MasterKey::of).toList();
        return new Sealer(read, random);
    }

    /** A new key: 256 random bits as 64 hexadecimal digits. */
    public static String generate(RandomGenerator random) {
        return MasterKey.generate(random);
    }

    /**
     * @param kind what sort of thing it is, without a colon
     * @param name which of them
     */
    public byte[] seal(String kind, String name, byte[] plain) {
        MasterKey key = keys.getFirst();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, key, nonce, kind, name, plain);
        return ByteBuffer.allocate(1 + 4 + NONCE_BYTES + ciphertext.length)
                .put(VERSION)
                .putInt(key.id())
                .put(nonce)
                .put(ciphertext)
                .array();
    }

    /** What was sealed under this kind and name; {@link UnreadableException} if it cannot be had. */
    public byte[] open(String kind, String name, byte[] sealed) {
        try {
            ByteBuffer in = ByteBuffer.wrap(sealed);
            if (in.get() != VERSION) {
                throw damaged(kind, name);
            }
            MasterKey key = keyOf(in.getInt(), kind, name);
            byte[] nonce = new byte[NONCE_BYTES];
            in.get(nonce);
            byte[] ciphertext = new byte[in.remaining()];
            in.get(ciphertext);
            return cipher(Cipher.DECRYPT_MODE, key, nonce, kind, name, ciphertext);
        } catch (BufferUnderflowException tooShort) {
            throw damaged(kind, name);
        }
    }

    /** Whether the first key sealed this; otherwise it should be sealed anew while the old key is still at hand. */
    public boolean isCurrent(byte[] sealed) {
        return sealed.length > 5
                && ByteBuffer.wrap(sealed).getInt(1) == keys.getFirst().id();
    }

    private MasterKey keyOf(int id, String kind, String name) {
        return keys.stream()
                .filter(key -> key.id() == id)
                .findFirst()
                .orElseThrow(() -> new UnknownKeyException(
                        "%s %s was encrypted under the key %s, which is not among keys.encryption"
                                .formatted(kind, name, HexFormat.of().toHexDigits(id))));
    }

    private static byte[] cipher(int mode, MasterKey key, byte[] nonce, String kind, String name, byte[] in) {
        byte[] bound = (kind + ":" + name).getBytes(StandardCharsets.UTF_8);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.derive(bound), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(bound);
            return cipher.doFinal(in);
        } catch (AEADBadTagException changed) {
            throw damaged(kind, name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    private static UnreadableException damaged(String kind, String name) {
        return new UnreadableException(kind + " " + name + " was changed since it was encrypted");
    }
}
