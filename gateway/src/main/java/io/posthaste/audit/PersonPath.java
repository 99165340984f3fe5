package io.posthaste.audit;

import io.posthaste.digest.Sha256;
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
        byte[] digest = Sha256.of(path.substring(PEOPLE.length()));
        return PEOPLE + "sha256:" + HexFormat.of().formatHex(digest, 0, BYTES);
    }
}
