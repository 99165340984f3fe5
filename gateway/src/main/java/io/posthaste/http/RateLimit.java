package io.posthaste.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A token bucket per key. Remembers a bounded number of keys, so that many addresses cannot fill the memory (ADM-10). */
public final class RateLimit {
    private static final int MOST_KEYS = 10_000;

    private final int burst;
    private final long nanosPerToken;
    private final LongSupplier nanoTime;
    private final Cache<String, Bucket> buckets;

    /** @param usedUpTo nanos until which everything is spoken for: the theoretical arrival time of the next token */
    private record Bucket(long usedUpTo) {}

    /** At most {@code burst} at once, refilled evenly within {@code window}. */
    public RateLimit(int burst, Duration window, LongSupplier nanoTime) {
        this.burst = burst;
        this.nanosPerToken = window.toNanos() / burst;
        this.nanoTime = nanoTime;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MOST_KEYS)
                .expireAfterWrite(window)
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** Takes the token of all callers, or refuses with {@link ApiProblem} 429. */
    public void require(String atMost) {
        if (!take("")) {
            throw new ApiProblem(ApiProblem.Kind.TOO_MANY_REQUESTS, atMost).with("Retry-After", "1");
        }
    }

    /** Takes a token; false when there is none, and then nothing changes. */
    public boolean take(String key) {
        long now = nanoTime.getAsLong();
        boolean[] taken = {false};
        buckets.asMap().compute(key, (k, bucket) -> {
            long from = bucket == null || bucket.usedUpTo - now < 0 ? now : bucket.usedUpTo;
            taken[0] = from - now <= (burst - 1) * nanosPerToken;
            return taken[0] || bucket == null ? new Bucket(from + nanosPerToken) : bucket;
        });
        return taken[0];
    }
}
