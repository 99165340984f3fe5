package io.posthaste.seal;

import io.posthaste.digest.Sha256;
import java.security.MessageDigest;
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
        return Base64.getEncoder().encodeToString(sealer.seal(KIND, lane, Sha256.of(definition)));
    }

    /** Whether this was given for exactly that. */
    public boolean holds(String lane, byte[] definition, String grant) {
        try {
            return MessageDigest.isEqual(
                    Sha256.of(definition),
                    sealer.open(KIND, lane, Base64.getDecoder().decode(grant)));
        } catch (UnreadableException | IllegalArgumentException forged) {
            return false;
        }
    }
}
