package io.posthaste.liquid.parse;

/**
 * A piece of a template.
 *
 * @param start where the whole piece starts in the source
 * @param end behind the piece
 * @param from where the inside starts: for text the text left by white-space control, else what is between the brackets
 * @param to behind the inside
 */
record Token(Kind kind, int start, int end, int from, int to) {
    enum Kind {
        TEXT,
        OUTPUT,
        TAG,
        END
    }
}
