package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.Source;

/** The lines of a {@code liquid} tag: each is a tag without its brackets. */
final class LineTokens implements Tokens {
    private final String text;
    private final int end;
    private int at;

    LineTokens(Source source, int from, int to) {
        this.text = source.text();
        this.end = to;
        this.at = from;
    }

    @Override
    public Token next() {
        while (at < end) {
            int start = at;
            int lineEnd = lineEnd(start);
            at = Math.min(lineEnd + 1, end);
            int from = start;
            while (from < lineEnd && Character.isWhitespace(text.charAt(from))) {
                from++;
            }
            if (from < lineEnd) {
                return new Token(Token.Kind.TAG, from, lineEnd, from, lineEnd);
            }
        }
        return new Token(Token.Kind.END, end, end, end, end);
    }

    private int lineEnd(int start) {
        int newLine = text.indexOf('\n', start);
        return newLine < 0 || newLine > end ? end : newLine;
    }

    @Override
    public Token verbatim(String name, boolean nests) {
        int start = at;
        int depth = 1;
        for (Token line = next(); line.kind() != Token.Kind.END; line = next()) {
            String word = text.substring(line.from(), line.to()).strip().split("\\s", 2)[0];
            depth += nests && word.equals(name) ? 1 : 0;
            if (word.equals("end" + name) && --depth == 0) {
                return new Token(Token.Kind.TEXT, start, at, start, line.from());
            }
        }
        return new Token(Token.Kind.END, start, end, start, end);
    }
}
