package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.Source;
import io.posthaste.liquid.template.TemplateProblem;
import java.util.function.Consumer;

/** Cuts a source into text, outputs and tags, in one pass from left to right. */
final class Scanner implements Tokens {
    private final Source source;
    private final String text;
    private final Consumer<TemplateProblem> problems;
    private int at;
    /** Whether the token before ended in {@code -}: the white space after it goes. */
    private boolean trim;

    Scanner(Source source, Consumer<TemplateProblem> problems) {
        this.source = source;
        this.text = source.text();
        this.problems = problems;
    }

    @Override
    public Token next() {
        int open = opening(at);
        return open == at && at < text.length() ? bracketed(open) : plain(at, open);
    }

    /** The text up to an opening bracket; ends by itself where the bracket asks for it. */
    private Token plain(int start, int open) {
        int from = start;
        int to = open;
        while (trim && from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        if (open + 2 < text.length() && text.charAt(open + 2) == '-') {
            to = strippedEnd(from, to);
        }
        trim = false;
        at = open;
        Token.Kind kind = start == open ? Token.Kind.END : Token.Kind.TEXT;
        return new Token(kind, start, open, from, to);
    }

    private int strippedEnd(int from, int to) {
        int end = to;
        while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** Where the next opening bracket is, or the end of the text. */
    private int opening(int from) {
        for (int i = text.indexOf('{', from); i >= 0 && i + 1 < text.length(); i = text.indexOf('{', i + 1)) {
            char second = text.charAt(i + 1);
            if (second == '{' || second == '%') {
                return i;
            }
        }
        return text.length();
    }

    private Token bracketed(int open) {
        boolean output = text.charAt(open + 1) == '{';
        int from = open + 2;
        if (from < text.length() && text.charAt(from) == '-') {
            from++;
        }
        int close = closing(from, output);
        if (close < 0) {
            return unclosed(open, output);
        }
        trim = close > from && text.charAt(close - 1) == '-';
        at = close + 2;
        int to = trim ? close - 1 : close;
        return new Token(output ? Token.Kind.OUTPUT : Token.Kind.TAG, open, at, from, to);
    }

    /** Where the closing bracket is; brackets in quotes do not count. -1 if there is none, or another one opens before. */
    private int closing(int from, boolean output) {
        char first = output ? '}' : '%';
        boolean comment = !output && isComment(from);
        for (int i = from; i + 1 < text.length(); i++) {
            char c = text.charAt(i);
            if (c == first && text.charAt(i + 1) == '}') {
                return i;
            }
            if (comment) {
                continue;
            }
            if ((c == '"' || c == '\'') && opensText(from, i)) {
                i = behindText(i, first);
            } else if (output && c == '{' && (text.charAt(i + 1) == '{' || text.charAt(i + 1) == '%')) {
                return -1;
            }
        }
        return -1;
    }

    private boolean isComment(int from) {
        int i = from;
        while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
            i++;
        }
        return i < text.length() && text.charAt(i) == '#';
    }

    /** A quote right behind a name or a value is a stray one, not the start of a text (M41). */
    private boolean opensText(int from, int quote) {
        if (quote == from) {
            return true;
        }
        char before = text.charAt(quote - 1);
        return !Character.isLetterOrDigit(before) && "_])\"'".indexOf(before) < 0;
    }

    /** The closing quote; or the opening one, if what it opens looks like a forgotten quote rather than a text. */
    private int behindText(int quote, char first) {
        boolean sawClosing = false;
        for (int i = quote + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == text.charAt(quote)) {
                return i;
            }
            if (c == '\\') {
                i++;
            } else if (i + 1 < text.length() && text.charAt(i + 1) == '}' && c == first) {
                sawClosing = true;
            } else if (sawClosing && (c == '\n' || c == '{')) {
                return quote;
            }
        }
        return quote;
    }

    private Token unclosed(int open, boolean output) {
        int lineEnd = text.indexOf('\n', open);
        int brace = text.indexOf('}', open);
        int end = lineEnd < 0 ? text.length() : lineEnd;
        String seen = source.quote(open, brace >= 0 && brace < end ? brace + 1 : end);
        String closing = output ? "}}" : "%}";
        problems.accept(source.problem(
                open,
                (output ? "Variable '" : "Tag '") + seen + "' was not properly terminated",
                "close it with " + closing));
        at = end;
        return new Token(Token.Kind.TEXT, open, end, end, end);
    }

    @Override
    public Token verbatim(String name, boolean nests) {
        int start = at;
        int depth = 1;
        for (int i = text.indexOf("{%", at); i >= 0; i = text.indexOf("{%", i)) {
            int from = i + 2 < text.length() && text.charAt(i + 2) == '-' ? i + 3 : i + 2;
            int close = text.indexOf("%}", from);
            String tag = word(from);
            if (nests && tag.equals("raw")) {
                i = Math.max(i + 2, behindRaw(close));
                continue;
            }
            depth += nests && close >= 0 && tag.equals(name) ? 1 : 0;
            if (close >= 0 && tag.equals("end" + name) && (nests || isBare(from, close)) && --depth == 0) {
                return closed(start, i, close, from);
            }
            i = nests && close >= 0 ? close + 2 : i + 2;
        }
        at = text.length();
        return new Token(Token.Kind.END, start, at, start, at);
    }

    private int behindRaw(int close) {
        int end = text.indexOf("endraw", Math.max(close, 0));
        return end < 0 ? text.length() : end;
    }

    /** Whether nothing but the tag's name is in the brackets. */
    private boolean isBare(int from, int close) {
        String inside = text.substring(from, close).strip();
        return inside.equals(word(from)) || inside.equals(word(from) + "-") || inside.equals(word(from) + " -");
    }

    private Token closed(int start, int open, int close, int from) {
        boolean trimBefore = from == open + 3;
        int begin = start;
        while (trim && begin < open && Character.isWhitespace(text.charAt(begin))) {
            begin++;
        }
        int end = trimBefore ? strippedEnd(begin, open) : open;
        trim = text.charAt(close - 1) == '-';
        at = close + 2;
        return new Token(Token.Kind.TEXT, start, at, begin, end);
    }

    private String word(int from) {
        int start = from;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return text.substring(start, end);
    }
}
