package io.posthaste.audit;

import reactor.core.publisher.Mono;

/** Keeps what was changed. */
@FunctionalInterface
public interface AuditTrail {
    /** For those who keep nothing. */
    AuditTrail NONE = event -> Mono.empty();

    /** Completes once it is kept. */
    Mono<Void> add(AuditEvent event);
}
