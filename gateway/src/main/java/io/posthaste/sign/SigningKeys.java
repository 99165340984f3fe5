package io.posthaste.sign;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The signing keys of one kind now (M51, M52).
 *
 * @param current signs every request
 * @param replaced keys that still sign beside it, the last replaced first
 */
public record SigningKeys(SigningKey current, List<Replaced> replaced) {

    /** @param until from then on the key signs nothing */
    public record Replaced(SigningKey key, Instant until) {}

    public SigningKeys {
        replaced = List.copyOf(replaced);
    }

    /** One key and no other. */
    public static SigningKeys only(SigningKey current) {
        return new SigningKeys(current, List.of());
    }

    /** After {@code next} took over: what is current now still signs until {@code until}. */
    public SigningKeys rotatedTo(SigningKey next, Instant until) {
        List<Replaced> before = new ArrayList<>();
        before.add(new Replaced(current, until));
        before.addAll(replaced);
        return new SigningKeys(next, before);
    }
}
