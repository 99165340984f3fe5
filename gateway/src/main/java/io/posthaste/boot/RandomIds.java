package io.posthaste.boot;

import java.util.Base64;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Ids for what comes without one: 128 random bits, 22 characters of {@code A-Z a-z 0-9 - _}. */
final class RandomIds implements Supplier<String> {
    private static final int BYTES = 16;

    private final RandomGenerator random;

    RandomIds(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public String get() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
