package io.posthaste.config;

import io.posthaste.spelling.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what someone may have meant to write. */
final class Spelling {
    private Spelling() {}

    /** The known word closest to {@code written}, if it is close: a letter or two, or only its section is missing. */
    static Optional<String> closest(String written, Collection<String> known) {
        return known.stream()
                .filter(word -> isClose(written, word))
                .min(Comparator.comparingInt(word -> EditDistance.between(written, word)));
    }

    private static boolean isClose(String written, String word) {
        return word.endsWith("." + written) || EditDistance.between(written, word) <= 1 + word.length() / 8;
    }
}
