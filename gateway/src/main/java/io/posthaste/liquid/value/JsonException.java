package io.posthaste.liquid.value;

/** Bytes that are not the JSON they should be. */
public final class JsonException extends RuntimeException {
    private final int offset;

    /** @param offset of the first byte that cannot be, 0-based */
    public JsonException(String reason, int offset) {
        super(reason, null, false, false);
        this.offset = offset;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    public int offset() {
        return offset;
    }
}
