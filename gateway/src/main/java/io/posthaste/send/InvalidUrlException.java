package io.posthaste.send;

/** A URL that is never dialled; the message is one line that names the fault and, where there is one, the fix. */
public final class InvalidUrlException extends RuntimeException {
    InvalidUrlException(String problem) {
        // No stack trace: the fault lies in the customer's text, and a bad template raises this once per delivery.
        super(problem, null, false, false);
    }

    /** What is wrong with the URL; never contains credentials. */
    public String problem() {
        return String.valueOf(getMessage());
    }
}
