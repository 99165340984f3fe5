package io.posthaste.sign;

import io.posthaste.action.Action;
import io.posthaste.job.Header;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SignedRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Gives a rendered request the headers that identify and sign this attempt (M18, M48, M49): idempotency key, delivery
 * id, the second it is signed in, and {@code hex(HMAC-SHA256(key, "v0:" + timestamp + ":" + body))}. While a replaced key
 * is in its grace time, its signature goes along (M52). Safe for any number of threads.
 */
public final class RequestSigner {
    private final Supplier<SigningKeys> keys;
    private final InstantSource clock;
    private final HeaderNames names;

    /** An HMAC belongs to one thread at a time and is dear to make: each thread keeps its own. */
    @SuppressWarnings("ThreadLocalUsage") // One signer per gateway; a static one would outlive its keys.
    private final ThreadLocal<AttemptSignature> signatures;

    /**
     * @param keys answers the keys of this moment; asked once for each request
     * @param headerPrefix such as {@code X-CIO-}
     */
    public RequestSigner(Supplier<SigningKeys> keys, InstantSource clock, String headerPrefix) {
        this.keys = keys;
        this.clock = clock;
        this.names = new HeaderNames(headerPrefix);
        this.signatures =
                ThreadLocal.withInitial(() -> new AttemptSignature(keys.get().current()));
    }

    /**
     * Signs the exact bytes of {@code request.body()} for an attempt that starts now.
     *
     * @param id the delivery's id
     * @param key its idempotency key, the same for every attempt (M22)
     * @param schemes which signatures the request carries
     */
    public SignedRequest sign(String id, String key, RenderedRequest request, List<Action.Signature> schemes) {
        AttemptSignature signature = signatures.get();
        signature.start(keys.get(), clock.millis());
        List<Header> headers = new ArrayList<>(8);
        headers.add(new Header(names.idempotencyKey, key));
        headers.add(new Header(names.deliveryId, id));
        headers.add(new Header(names.timestamp, signature.timestamp()));
        for (Action.Signature scheme : schemes) {
            switch (scheme) {
                case CIO -> addCio(headers, signature, request.body());
                case STANDARD_WEBHOOKS -> addStandardWebhooks(headers, signature, key, request.body());
            }
        }
        return new SignedRequest(request, headers);
    }

    private void addCio(List<Header> headers, AttemptSignature signature, byte[] body) {
        headers.add(new Header(names.signature, signature.hex(body)));
        String previous = signature.previousHex(body);
        if (previous != null) {
            headers.add(new Header(names.previousSignature, previous));
        }
    }

    /** SIG-1, SIG-2. The id is the idempotency key, which is what its receivers use it for. */
    private void addStandardWebhooks(List<Header> headers, AttemptSignature signature, String key, byte[] body) {
        headers.add(new Header("webhook-id", key));
        headers.add(new Header("webhook-timestamp", signature.timestamp()));
        headers.add(new Header("webhook-signature", signature.standardWebhooks(key, body)));
    }

    private static final class HeaderNames {
        final String idempotencyKey;
        final String deliveryId;
        final String timestamp;
        final String signature;
        final String previousSignature;

        HeaderNames(String prefix) {
            this.idempotencyKey = prefix + "Idempotency-Key";
            this.deliveryId = prefix + "Delivery-ID";
            this.timestamp = prefix + "Timestamp";
            this.signature = prefix + "Signature";
            this.previousSignature = prefix + "Signature-Previous";
        }
    }
}
