package io.posthaste.render;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps a template that ran into its limits again and again from using up the workers (TPL-5). Thread-safe. */
final class Breaker {
    private static final int HITS = 3;
    static final Duration REST = Duration.ofMinutes(1);

    private final AtomicInteger hits = new AtomicInteger();
    private volatile Instant openUntil = Instant.MIN;

    boolean isOpen(Instant now) {
        return hits.get() >= HITS && now.isBefore(openUntil);
    }

    /** After the rest, one more hit opens it again. */
    void hit(Instant now) {
        if (hits.incrementAndGet() >= HITS) {
            openUntil = now.plus(REST);
        }
    }

    /** At once: a rendering did not end. */
    void open(Instant now) {
        hits.set(HITS);
        openUntil = now.plus(REST);
    }

    void success() {
        if (hits.get() != 0) {
            hits.set(0);
        }
    }
}
