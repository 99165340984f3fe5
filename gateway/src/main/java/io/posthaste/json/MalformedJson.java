package io.posthaste.json;

/** Text that is not one well-formed JSON document within the limits of {@link StrictJson}. */
public final class MalformedJson extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final int line;
    private final int column;

    MalformedJson(String message, int line, int column) {
        super(message);
        this.reason = message;
        this.line = line;
        this.column = column;
    }

    /** Where reading stopped, as a problem of the whole document. */
    public Problem problem() {
        return new Problem("", line, column, reason, "send one JSON document (RFC 8259) in UTF-8");
    }
}
