package io.posthaste.liquid.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * Text as it stands in the data: a slice of its bytes, so that printing it is a copy. Exists only where data was
 * read into; everything that computes sees the {@code String}.
 */
public final class Utf8 {
    private final byte[] bytes;
    private final int offset;
    private final int length;
    private @Nullable String decoded;

    /** @param bytes valid UTF-8 between the bounds, not modified afterwards */
    public Utf8(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    public void appendTo(Utf8Buffer out) {
        out.append(bytes, offset, length);
    }

    @Override
    public String toString() {
        String text = decoded;
        if (text == null) {
            text = new String(bytes, offset, length, UTF_8);
            decoded = text;
        }
        return text;
    }
}
