package io.posthaste.liquid.value;

/** A template asked for something that cannot be done with its data. Carries no stack trace: it is an expected result. */
public class RenderException extends RuntimeException {
    private static final int MAX_LENGTH = 300;

    public RenderException(String message) {
        super(message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH), null, false, false);
    }

    /** The message; never absent. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
