package io.posthaste.sign;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What a receiver does with our headers: decides whether a request is ours and recent (M54). */
public final class SignatureVerifier {
    /** How far a timestamp may be from the receiver's clock, either way, unless it says otherwise. */
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final Pattern SIGNATURE = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Pattern TIMESTAMP = Pattern.compile("\\d{1,11}");

    private final SigningKey key;
    private final InstantSource clock;
    private final Duration tolerance;

    /** What the verifier found, the checks in this order. */
    public enum Verdict {
        /** The timestamp is not decimal Unix seconds. */
        MALFORMED_TIMESTAMP,
        /** The signature is not 64 hexadecimal digits. */
        MALFORMED_SIGNATURE,
        /** Another key, timestamp or body than what was signed. */
        MISMATCH,
        /** Signed with our key, but too long ago or too far in the future: perhaps a replay. */
        STALE,
        VALID
    }

    public SignatureVerifier(SigningKey key, InstantSource clock, Duration tolerance) {
        this.key = key;
        this.clock = clock;
        this.tolerance = tolerance;
    }

    /**
     * Checks one request; takes the same time whichever digit of the signature is wrong.
     *
     * @param timestamp the value of {@code X-CIO-Timestamp}
     * @param signature the value of {@code X-CIO-Signature}
     * @param body the raw bytes as received, before any parsing (M50)
     */
    public Verdict verify(String timestamp, String signature, byte[] body) {
        if (!TIMESTAMP.matcher(timestamp).matches()) {
            return Verdict.MALFORMED_TIMESTAMP;
        }
        if (!SIGNATURE.matcher(signature).matches()) {
            return Verdict.MALFORMED_SIGNATURE;
        }
        byte[] start = ("v0:" + timestamp + ":").getBytes(StandardCharsets.US_ASCII);
        byte[] expected = AttemptSignature.hmac(key.newMac(), start, body);
        if (!MessageDigest.isEqual(expected, HexFormat.of().parseHex(signature))) {
            return Verdict.MISMATCH;
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), clock.instant());
        return age.abs().compareTo(tolerance) > 0 ? Verdict.STALE : Verdict.VALID;
    }
}
