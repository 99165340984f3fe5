package io.posthaste.job;

import java.util.ArrayList;
import java.util.List;

/**
 * A request that may be sent: what was rendered, and the headers that identify and sign this attempt.
 *
 * @param request the rendered request; its body is what the signature covers
 * @param headers idempotency key, delivery id, timestamp and signatures, in that order (M18, M48)
 */
public record SignedRequest(RenderedRequest request, List<Header> headers) {
    /** The same with one more header of the gateway's own. */
    public SignedRequest with(Header more) {
        List<Header> all = new ArrayList<>(headers);
        all.add(more);
        return new SignedRequest(request, all);
    }

    @Override
    public String toString() {
        return "SignedRequest[" + request + "]";
    }
}
