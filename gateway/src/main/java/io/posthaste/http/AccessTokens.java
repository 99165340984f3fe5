package io.posthaste.http;

import io.posthaste.digest.Sha256;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The bearer tokens that open the API. Only their SHA-256 is kept, and compared in constant time (ADM-2). */
public final class AccessTokens {
    private static final int RANDOM_BYTES = 32;

    private final List<Supplier<List<Entry>>> sources;

    /**
     * @param digest the token's SHA-256
     * @param expires when it opens nothing any more; {@link Instant#MAX} for never
     */
    record Entry(Caller caller, byte[] digest, Instant expires) {}

    private AccessTokens(List<Supplier<List<Entry>>> sources) {
        this.sources = sources;
    }

    /** One token with every right. */
    public static AccessTokens admin(String token) {
        return new AccessTokens(List.of()).and("admin", token, Access.ADMIN);
    }

    /** These tokens and one more. */
    public AccessTokens and(String name, String token, Access access) {
        List<Entry> one = List.of(new Entry(new Caller(name, access), Sha256.of(token), Instant.MAX));
        return and(() -> one);
    }

    /** These tokens and those of a file, as it stands when somebody calls. */
    public AccessTokens and(TokenFiles file) {
        return and(file::valid);
    }

    private AccessTokens and(Supplier<List<Entry>> more) {
        return new AccessTokens(Stream.concat(sources.stream(), Stream.of(more)).toList());
    }

    /** A new token: 256 random bits as 43 characters of base64url. */
    public static String generate(RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whose token it is; {@link Caller#NOBODY} when it is not one of ours. */
    Caller callerOf(String token) {
        byte[] digest = Sha256.of(token);
        Caller found = Caller.NOBODY;
        // All are compared, whichever matches: time says nothing about the tokens.
        for (Supplier<List<Entry>> source : sources) {
            for (Entry entry : source.get()) {
                if (MessageDigest.isEqual(entry.digest, digest)) {
                    found = entry.caller;
                }
            }
        }
        return found;
    }
}
