package io.posthaste.sign;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/** The signatures of one attempt. Belongs to one thread, which starts it anew for each attempt. */
final class AttemptSignature {
    private static final HexFormat HEX = HexFormat.of();

    private KeyedMacs current;
    private List<KeyedMacs> replaced = List.of();
    private long second = Long.MIN_VALUE;
    private String timestamp = "";
    private byte[] prefix = {};

    private record KeyedMacs(SigningKey key, Mac v0, Mac standardWebhooks) {
        static KeyedMacs of(SigningKey key) {
            return new KeyedMacs(key, key.newMac(), key.newStandardWebhooksMac());
        }
    }

    AttemptSignature(SigningKey key) {
        this.current = KeyedMacs.of(key);
    }

    void start(SigningKeys keys, long nowMillis) {
        current = current.key() == keys.current() ? current : keyed(keys.current());
        replaced = keys.replaced().isEmpty() ? List.of() : stillSigning(keys.replaced(), nowMillis);
        long nowSecond = Math.floorDiv(nowMillis, 1_000);
        if (nowSecond != second) {
            second = nowSecond;
            timestamp = Long.toString(second);
            prefix = ascii("v0:" + timestamp + ":");
        }
    }

    private List<KeyedMacs> stillSigning(List<SigningKeys.Replaced> keys, long nowMillis) {
        List<KeyedMacs> signing = new ArrayList<>(keys.size());
        for (SigningKeys.Replaced old : keys) {
            if (nowMillis < old.until().toEpochMilli()) {
                signing.add(keyed(old.key()));
            }
        }
        return signing;
    }

    private KeyedMacs keyed(SigningKey key) {
        for (KeyedMacs known : replaced) {
            if (known.key() == key) {
                return known;
            }
        }
        return KeyedMacs.of(key);
    }

    /** Decimal Unix seconds. */
    String timestamp() {
        return timestamp;
    }

    /** {@code v0} signature in lower-case hexadecimal digits. */
    String hex(byte[] body) {
        return HEX.formatHex(hmac(current.v0(), prefix, body));
    }

    /** The same under each replaced key that still signs, with spaces between them; null when none does. */
    @Nullable
    String previousHex(byte[] body) {
        if (replaced.isEmpty()) {
            return null;
        }
        StringBuilder signatures = new StringBuilder();
        for (KeyedMacs old : replaced) {
            signatures.append(signatures.isEmpty() ? "" : " ").append(HEX.formatHex(hmac(old.v0(), prefix, body)));
        }
        return signatures.toString();
    }

    /** One {@code v1} signature, and one for each replaced key that still signs, with spaces between them. */
    String standardWebhooks(String id, byte[] body) {
        byte[] start = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        String signature = v1(current, start, body);
        for (KeyedMacs old : replaced) {
            signature += " " + v1(old, start, body);
        }
        return signature;
    }

    private static String v1(KeyedMacs macs, byte[] start, byte[] body) {
        return "v1," + Base64.getEncoder().encodeToString(hmac(macs.standardWebhooks(), start, body));
    }

    static byte[] hmac(Mac mac, byte[] start, byte[] body) {
        mac.update(start);
        return mac.doFinal(body);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
