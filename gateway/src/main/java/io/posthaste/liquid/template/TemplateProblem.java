package io.posthaste.liquid.template;

/**
 * One thing that is wrong in a template (M40).
 *
 * @param line counted from 1
 * @param column counted from 1, in characters
 * @param excerpt the text at that place, at most one line
 * @param message what is wrong
 * @param fix what to write instead, one sentence; may be empty
 */
public record TemplateProblem(int line, int column, String excerpt, String message, String fix) {
    @Override
    public String toString() {
        String end = fix.isEmpty() ? "" : "; " + fix;
        return "line " + line + ", column " + column + ": " + message + end;
    }
}
