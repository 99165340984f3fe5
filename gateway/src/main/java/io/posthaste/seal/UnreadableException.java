package io.posthaste.seal;

/** Sealed bytes that cannot be opened: their key is not at hand, or they are not what was sealed under that name. */
public class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param problem one line that names what cannot be read and what to do, never a secret */
    public UnreadableException(String problem) {
        super(problem, null, false, false);
    }

    /** The message; never absent. */
    public String problem() {
        return String.valueOf(getMessage());
    }
}
