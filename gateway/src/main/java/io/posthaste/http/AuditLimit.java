package io.posthaste.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Bounds the lines of the audit log that callers cause without changing anything: of an address a minute the first
 * {@value #ALL_OF} of a kind, then the 128th, the 256th and so on. Changes are all told: writes have a limit of their own.
 */
final class AuditLimit {
    private static final int ALL_OF = 64;
    private static final int MOST_KEYS = 10_000;

    private final Cache<String, AtomicLong> counts;

    AuditLimit(LongSupplier nanoTime) {
        this.counts = Caffeine.newBuilder()
                .maximumSize(MOST_KEYS)
                .expireAfterWrite(Duration.ofMinutes(1))
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    boolean isTold(String address, String event, int status) {
        if (event.equals("api.changed")) {
            return true;
        }
        long count =
                counts.get(event + status + address, key -> new AtomicLong()).incrementAndGet();
        return count <= ALL_OF || Long.bitCount(count) == 1;
    }
}
