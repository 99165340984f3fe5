package io.posthaste.classify;

import java.nio.charset.StandardCharsets;

/** The start of what a receiver answered, as one line that is safe to log and to show (RSP-7). */
final class Excerpt {
    static final int MAX_BYTES = 1024;

    private Excerpt() {}

    /** At most the first 1 KiB, without half a character at its end; bytes that are no UTF-8 become U+FFFD. */
    static String of(byte[] body) {
        return visible(new String(body, 0, end(body), StandardCharsets.UTF_8));
    }

    private static int end(byte[] body) {
        if (body.length <= MAX_BYTES) {
            return body.length;
        }
        int end = MAX_BYTES;
        // Up to three continuation bytes (10xxxxxx) may belong to a character that starts before the cut.
        while (end > MAX_BYTES - 4 && (body[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }

    /** Control characters as their Unicode pictures, invisible and direction-changing ones as escapes. */
    static String visible(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c >= 0x20 && c < 0x7F) {
                line.append((char) c);
            } else {
                appendVisible(line, c);
            }
        }
        return line.toString();
    }

    private static void appendVisible(StringBuilder line, int c) {
        if (c < 0x20) {
            line.appendCodePoint(0x2400 + c);
        } else if (c == 0x7F) {
            line.append('\u2421');
        } else if (isHidden(c)) {
            line.append("\\u%04X".formatted(c));
        } else {
            line.appendCodePoint(c);
        }
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
