package io.posthaste.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;

/** The bearer tokens that open the API. Only their SHA-256 is kept, and compared in constant time (ADM-2). */
public final class AccessTokens {
    private static final int RANDOM_BYTES = 32;

    private final List<Entry> entries;

    private record Entry(byte[] digest, Access access) {}

    private AccessTokens(List<Entry> entries) {
        this.entries = entries;
    }

    /** One token with every right. */
    public static AccessTokens admin(String token) {
        return new AccessTokens(List.of()).and(token, Access.ADMIN);
    }

    /** These tokens and one more. */
    public AccessTokens and(String token, Access access) {
        Entry added = new Entry(digest(token), access);
        return new AccessTokens(java.util.stream.Stream.concat(entries.stream(), java.util.stream.Stream.of(added))
                .toList());
    }

    /** A new token: 256 random bits as 43 characters of base64url. */
    public static String generate(RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What the token gives; {@link Access#OPEN} when it is not one of ours. */
    Access accessOf(String token) {
        byte[] digest = digest(token);
        Access found = Access.OPEN;
        // All are compared, whichever matches: time says nothing about the tokens.
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.digest, digest)) {
                found = entry.access;
            }
        }
        return found;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
