package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.Source;

/** Reads the inside of a tag or output: names, numbers, texts and signs, one at a time. */
final class Lexer {
    enum Kind {
        NAME,
        NUMBER,
        TEXT,
        SIGN,
        END
    }

    final Source source;
    private final String text;
    private final int end;
    private int at;

    /** The current one. */
    private Kind kind = Kind.END;

    private int start;
    private int previousEnd;
    private String value = "";

    Lexer(Source source, int from, int to) {
        this.source = source;
        this.text = source.text();
        this.end = to;
        this.at = from;
        this.previousEnd = from;
        advance();
    }

    Kind kind() {
        return kind;
    }

    /** Where the current one starts. */
    int start() {
        return start;
    }

    /** Behind the one before. */
    int previousEnd() {
        return previousEnd;
    }

    /** The name, the number as written, the text without quotes and escapes, or the sign. */
    String value() {
        return value;
    }

    boolean isSign(String sign) {
        return kind == Kind.SIGN && value.equals(sign);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && value.equals(name);
    }

    boolean isEnd() {
        return kind == Kind.END;
    }

    /** Passes over the sign if it is the current one. */
    boolean take(String sign) {
        if (!isSign(sign)) {
            return false;
        }
        advance();
        return true;
    }

    void advance() {
        previousEnd = at;
        while (at < end && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        start = at;
        if (at >= end) {
            kind = Kind.END;
            value = "";
            return;
        }
        char c = text.charAt(at);
        if (Character.isLetter(c) || c == '_') {
            name();
        } else if (isDigit(at) || (c == '-' && isDigit(at + 1))) {
            number();
        } else if (c == '"' || c == '\'') {
            quoted(c);
        } else {
            sign();
        }
    }

    private boolean isDigit(int i) {
        return i < end && text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }

    private void name() {
        kind = Kind.NAME;
        while (at < end && isNamePart(text.charAt(at))) {
            at++;
        }
        if (at < end && text.charAt(at) == '?') {
            at++;
        }
        value = text.substring(start, at);
    }

    static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    private void number() {
        kind = Kind.NUMBER;
        at++;
        while (isDigit(at)) {
            at++;
        }
        if (at < end && text.charAt(at) == '.' && isDigit(at + 1)) {
            at++;
            while (isDigit(at)) {
                at++;
            }
        }
        value = text.substring(start, at);
    }

    private void quoted(char quote) {
        StringBuilder plain = new StringBuilder();
        for (int i = at + 1; i < end; i++) {
            char c = text.charAt(i);
            if (c == quote) {
                kind = Kind.TEXT;
                value = plain.toString();
                at = i + 1;
                return;
            }
            plain.append(c == '\\' && i + 1 < end ? escaped(text.charAt(++i)) : c);
        }
        // Never closed: a sign that fits nowhere, so whoever meets it says where.
        kind = Kind.SIGN;
        value = String.valueOf(quote);
        at++;
    }

    private static char escaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> c;
        };
    }

    private void sign() {
        kind = Kind.SIGN;
        String two = at + 2 <= end ? text.substring(at, at + 2) : "";
        value = switch (two) {
            case "==", "!=", "<>", ">=", "<=", ".." -> two;
            default -> Character.toString(text.codePointAt(at));
        };
        at += value.length();
    }

    private Lexer ahead() {
        return new Lexer(source, at, end);
    }

    /** Whether the next one, behind the current one, is that. */
    boolean follows(String next) {
        return ahead().value.equals(next);
    }

    /** Whether a filter of that name is applied further on. */
    boolean filtersBy(String name) {
        Lexer ahead = ahead();
        for (boolean bar = isSign("|"); !ahead.isEnd(); ahead.advance()) {
            if (bar && ahead.isName(name)) {
                return true;
            }
            bar = ahead.isSign("|");
        }
        return false;
    }

    /** Behind the last one. */
    int limit() {
        return end;
    }

    /** What the current one is, for messages. */
    String describe() {
        return kind == Kind.END ? "the end" : "'" + source.quote(start, Math.max(at, start + 1)) + "'";
    }
}
