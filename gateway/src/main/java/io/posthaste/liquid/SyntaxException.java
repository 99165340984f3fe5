package io.posthaste.liquid;

/** Stops the parsing of one tag or output; the parser notes the problem and goes on behind it. */
final class SyntaxException extends RuntimeException {
    private final int at;
    private final String fix;

    SyntaxException(int at, String message, String fix) {
        super(message, null, false, false);
        this.at = at;
        this.fix = fix;
    }

    Problem in(Source source) {
        return source.problem(at, String.valueOf(getMessage()), fix);
    }
}
