package io.posthaste.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stretch of a template, as far as advice about it needs to know: is it text, an output or a tag. Whether a template
 * is right is decided elsewhere.
 *
 * @param end exclusive
 */
public record LiquidPiece(Kind kind, int start, int end) {
    private static final Pattern SILENT = Pattern.compile("\\{%-?\\s*(raw|comment)\\s*-?%}");

    public enum Kind {
        TEXT,
        OUTPUT,
        TAG
    }

    public static List<LiquidPiece> of(String source) {
        List<LiquidPiece> pieces = new ArrayList<>();
        int at = 0;
        while (at < source.length()) {
            int open = next(source, at);
            if (open > at) {
                pieces.add(new LiquidPiece(Kind.TEXT, at, open));
            }
            if (open == source.length()) {
                break;
            }
            boolean output = source.charAt(open + 1) == '{';
            int end = end(source, open, output);
            pieces.add(new LiquidPiece(output ? Kind.OUTPUT : Kind.TAG, open, end));
            at = end;
        }
        return pieces;
    }

    /** What stands between the braces of an output, trimmed. */
    public String expression(String source) {
        String inside =
                source.substring(start, end).replaceFirst("^\\{\\{-?", "").replaceFirst("-?}}$", "");
        return inside.strip();
    }

    private static int next(String source, int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if (source.charAt(i + 1) == '{' || source.charAt(i + 1) == '%') {
                return i;
            }
        }
        return source.length();
    }

    private static int end(String source, int open, boolean output) {
        Matcher silent = SILENT.matcher(source).region(open, source.length());
        if (!output && silent.lookingAt()) {
            Matcher close = Pattern.compile("\\{%-?\\s*end" + silent.group(1) + "\\s*-?%}")
                    .matcher(source);
            return close.find(silent.end()) ? close.end() : source.length();
        }
        int close = source.indexOf(output ? "}}" : "%}", open + 2);
        return close < 0 ? source.length() : close + 2;
    }
}
