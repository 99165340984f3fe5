package io.posthaste.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the audit trail keeps of a path that names a person: who knows the id can tell, and nobody else. */
public final class PersonPath {
    private static final String PEOPLE = "/v1/people/";
    private static final int BYTES = 8;

    private PersonPath() {}

    /** {@code /v1/people/sha256:0a1b…}; any other path as it is. */
    public static String hidden(String path) {
        if (!path.startsWith(PEOPLE)) {
            return path;
        }
        try {
            byte[] id = path.substring(PEOPLE.length()).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id);
            return PEOPLE + "sha256:" + HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
