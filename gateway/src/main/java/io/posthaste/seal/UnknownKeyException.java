package io.posthaste.seal;

/** Sealed bytes whose master key is not at hand: nothing is wrong with them, and whoever has the key opens them. */
public final class UnknownKeyException extends UnreadableException {
    private static final long serialVersionUID = 1;

    UnknownKeyException(String problem) {
        super(problem);
    }
}
