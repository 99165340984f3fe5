package io.posthaste.liquid.value;

/** A render used more than it may. */
public final class LimitException extends RenderException {
    private final String limit;

    /** @param limit what was exceeded, in words: {@code output bytes} */
    public LimitException(String limit, long max) {
        super("template limit exceeded: more than " + max + " " + limit);
        this.limit = limit;
    }

    public String limit() {
        return limit;
    }
}
