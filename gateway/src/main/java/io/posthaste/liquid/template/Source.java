package io.posthaste.liquid.template;

/** A template's text, and places in it. */
public record Source(String text) {
    private static final int EXCERPT = 80;

    public int line(int at) {
        int line = 1;
        for (int i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) {
            line++;
        }
        return line;
    }

    public int column(int at) {
        int lineStart = at == 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
        return text.codePointCount(lineStart, at) + 1;
    }

    public String text(int start, int end) {
        return text.substring(start, end);
    }

    public TemplateProblem problem(int at, String message, String fix) {
        int place = Math.min(at, text.length());
        return new TemplateProblem(line(place), column(place), excerpt(place), message, fix);
    }

    private String excerpt(int at) {
        int lineEnd = text.indexOf('\n', at);
        int end = Math.min(lineEnd < 0 ? text.length() : lineEnd, at + EXCERPT);
        return text.substring(at, end).stripTrailing();
    }

    /** A part of the text for a message: one line, not long. */
    public String quote(int start, int end) {
        String part = text.substring(start, Math.min(end, start + EXCERPT));
        int newLine = part.indexOf('\n');
        return (newLine < 0 ? part : part.substring(0, newLine)).strip();
    }
}
