package io.posthaste.api.port;

import io.posthaste.action.Action;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import reactor.core.publisher.Mono;

/** Signs and sends one request that belongs to no delivery; it passes the same guards. Never fails for what the network does. */
@FunctionalInterface
public interface TestSender {

    /** @param key its idempotency key */
    Mono<Sent> send(Action action, RenderedRequest request, String id, String key);

    /** What went out and what came back. */
    record Sent(SignedRequest request, Reply reply) {}
}
