package io.posthaste.liquid.template;

/** The template decided that nothing is to be sent (P1). */
final class AbortException extends RuntimeException {
    AbortException(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
