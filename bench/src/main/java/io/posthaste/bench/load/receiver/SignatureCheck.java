package io.posthaste.bench.load.receiver;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Recomputes the signature of every n-th request: {@code hex(HMAC-SHA256(key, "v0:" + timestamp + ":" + body))}. A
 * sample, because checking all of them would cost the receiver more than receiving them.
 */
final class SignatureCheck {
    private static final byte[] VERSION = "v0:".getBytes(StandardCharsets.US_ASCII);

    private final Mac mac;
    private final int every;
    private long seen;
    private long checked;
    private long bad;

    SignatureCheck(String key, int every) {
        this.every = every;
        try {
            this.mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA256", e);
        }
    }

    void see(Request request) {
        if (seen++ % every == 0) {
            checked++;
            bad += isGood(request) ? 0 : 1;
        }
    }

    long checked() {
        return checked;
    }

    long bad() {
        return bad;
    }

    private boolean isGood(Request request) {
        mac.update(VERSION);
        mac.update(request.bytes, request.timestamp.start, request.timestamp.length());
        mac.update((byte) ':');
        mac.update(request.bytes, request.body.start, request.body.length());
        return HexFormat.of().formatHex(mac.doFinal()).equals(request.text(request.signature));
    }
}
