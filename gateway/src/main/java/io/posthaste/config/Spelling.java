package io.posthaste.config;

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
                .min(Comparator.comparingInt(word -> distance(written, word)));
    }

    private static boolean isClose(String written, String word) {
        return word.endsWith("." + written) || distance(written, word) <= 1 + word.length() / 8;
    }

    /** How many letters must be inserted, removed or replaced (Levenshtein). */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
