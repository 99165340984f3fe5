package io.posthaste.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The bearer tokens that open the API. Only their SHA-256 is kept, and compared in constant time (ADM-2). */
public final class AccessTokens {
    private static final int RANDOM_BYTES = 32;

    private final List<Entry> entries;

    /** @param digest the token's SHA-256 */
    record Entry(Caller caller, byte[] digest) {}

    private AccessTokens(List<Entry> entries) {
        this.entries = entries;
    }

    /** One token with every right. */
    public static AccessTokens admin(String token) {
        return new AccessTokens(List.of()).and("admin", token, Access.ADMIN);
    }

    /** These tokens and one more. */
    AccessTokens and(String name, String token, Access access) {
        return and(List.of(new Entry(new Caller(name, access), digest(token))));
    }

    /** These tokens and more. */
    public AccessTokens and(TokenFile file) {
        return and(file.entries());
    }

    private AccessTokens and(List<Entry> more) {
        return new AccessTokens(Stream.concat(entries.stream(), more.stream()).toList());
    }

    /** A new token: 256 random bits as 43 characters of base64url. */
    public static String generate(RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whose token it is; {@link Caller#NOBODY} when it is not one of ours. */
    Caller callerOf(String token) {
        byte[] digest = digest(token);
        Caller found = Caller.NOBODY;
        // All are compared, whichever matches: time says nothing about the tokens.
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.digest, digest)) {
                found = entry.caller;
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
