package io.posthaste.sign;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/** The signatures of one attempt. Belongs to one thread, which starts it anew for each attempt. */
final class AttemptSignature {
    private static final HexFormat HEX = HexFormat.of();

    private KeyedMac current;
    private @Nullable KeyedMac previous;
    private long second = Long.MIN_VALUE;
    private String timestamp = "";
    private byte[] prefix = {};

    private record KeyedMac(SigningKey key, Mac mac) {}

    AttemptSignature(SigningKey key) {
        this.current = new KeyedMac(key, key.newMac());
    }

    void start(SigningKeys keys, long nowMillis) {
        current = keyed(current, keys.current());
        SigningKey replaced = keys.previous();
        previous =
                replaced != null && nowMillis < keys.previousUntil().toEpochMilli() ? keyed(previous, replaced) : null;
        long nowSecond = Math.floorDiv(nowMillis, 1_000);
        if (nowSecond != second) {
            second = nowSecond;
            timestamp = Long.toString(second);
            prefix = ascii("v0:" + timestamp + ":");
        }
    }

    /** Decimal Unix seconds. */
    String timestamp() {
        return timestamp;
    }

    /** {@code v0} signature in lower-case hexadecimal digits. */
    String hex(byte[] body) {
        return HEX.formatHex(hmac(current.mac(), prefix, body));
    }

    /** The same under the previous key; null unless that still signs. */
    @Nullable
    String previousHex(byte[] body) {
        return previous == null ? null : HEX.formatHex(hmac(previous.mac(), prefix, body));
    }

    /** One {@code v1} signature, and a second one while the previous key signs, with a space between them. */
    String standardWebhooks(String id, byte[] body) {
        byte[] start = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        String signature = "v1," + base64(hmac(current.mac(), start, body));
        return previous == null ? signature : signature + " v1," + base64(hmac(previous.mac(), start, body));
    }

    static byte[] hmac(Mac mac, byte[] start, byte[] body) {
        mac.update(start);
        return mac.doFinal(body);
    }

    private static KeyedMac keyed(@Nullable KeyedMac kept, SigningKey key) {
        return kept != null && kept.key() == key ? kept : new KeyedMac(key, key.newMac());
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
