package io.posthaste.json;

import java.util.function.UnaryOperator;

/**
 * One thing wrong, or doubtful, in what somebody wrote, told so that they can put it right.
 *
 * @param field where: {@code url}, {@code headers[2].value}; empty for the whole document
 * @param line counted from 1 within the field's text, 0 when the place is the field itself
 * @param column counted from 1 within the line, 0 as for {@code line}
 * @param message what is wrong
 * @param fix what to write instead, or the legal range
 */
public record Problem(String field, int line, int column, String message, String fix) {

    /** A problem of the field as a whole. */
    public static Problem of(String field, String message, String fix) {
        return new Problem(field, 0, 0, message, fix);
    }

    /** A problem of what begins at {@code offset} of the field's text. */
    public static Problem in(String field, String text, int offset, String message, String fix) {
        int line = 1
                + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
        int lineStart = text.lastIndexOf('\n', offset - 1) + 1;
        return new Problem(field, line, text.codePointCount(lineStart, offset) + 1, message, fix);
    }

    /** The same problem with each text replaced by what {@code change} makes of it. */
    public Problem map(UnaryOperator<String> change) {
        return new Problem(change.apply(field), line, column, change.apply(message), change.apply(fix));
    }

    /** The same problem seen from a document that holds this one at {@code path}. */
    public Problem under(String path) {
        return new Problem(field.isEmpty() ? path : path + "." + field, line, column, message, fix);
    }
}
