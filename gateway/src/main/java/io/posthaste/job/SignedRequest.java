package io.posthaste.job;

import java.util.List;

/**
 * A request that may be sent: what was rendered, and the headers that identify and sign this attempt.
 *
 * @param request the rendered request; its body is what the signature covers
 * @param headers idempotency key, delivery id, timestamp and signatures, in that order (M18, M48)
 */
public record SignedRequest(RenderedRequest request, List<Header> headers) {
    @Override
    public String toString() {
        return "SignedRequest[" + request + "]";
    }
}
