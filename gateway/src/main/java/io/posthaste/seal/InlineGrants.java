package io.posthaste.seal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Says in a job that its inline action was asked for by somebody who may use secrets. A producer can write anything
 * into the inbox but this: it is sealed, and holds for one definition in one lane.
 */
public final class InlineGrants {
    private static final String KIND = "inline";

    private final Sealer sealer;

    public InlineGrants(Sealer sealer) {
        this.sealer = sealer;
    }

    /** ASCII, 88 characters. */
    public String give(String lane, byte[] definition) {
        return Base64.getEncoder().encodeToString(sealer.seal(KIND, lane, digest(definition)));
    }

    /** Whether this was given for exactly that. */
    public boolean holds(String lane, byte[] definition, String grant) {
        try {
            return MessageDigest.isEqual(
                    digest(definition),
                    sealer.open(KIND, lane, Base64.getDecoder().decode(grant)));
        } catch (UnreadableException | IllegalArgumentException forged) {
            return false;
        }
    }

    private static byte[] digest(byte[] definition) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(definition);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
