package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.Source;
import io.posthaste.liquid.template.TemplateProblem;

/** Stops the parsing of one tag or output; the parser notes the problem and goes on behind it. */
final class SyntaxException extends RuntimeException {
    private final int at;
    private final String fix;
    private final boolean fatal;

    SyntaxException(int at, String message, String fix) {
        this(at, message, fix, false);
    }

    private SyntaxException(int at, String message, String fix, boolean fatal) {
        super(message, null, false, false);
        this.at = at;
        this.fix = fix;
        this.fatal = fatal;
    }

    /** One after which nothing more is read: the template is too much. */
    static SyntaxException fatal(int at, String message, String fix) {
        return new SyntaxException(at, message, fix, true);
    }

    boolean isFatal() {
        return fatal;
    }

    TemplateProblem in(Source source) {
        return source.problem(at, String.valueOf(getMessage()), fix);
    }
}
