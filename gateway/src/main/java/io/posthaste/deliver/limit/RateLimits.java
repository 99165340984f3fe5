package io.posthaste.deliver.limit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Hosts that may get so many requests a second of all gateways together. What they may get is given out by somebody whom
 * all gateways ask; each takes it in portions, so that a delivery costs no call. A host without a limit costs a look-up.
 */
public final class RateLimits {
    private final Source source;
    private final LongSupplier nanoTime;
    private final Scheduler workers;
    private final ConcurrentHashMap<String, TokenPurse> purses = new ConcurrentHashMap<>();
    private final LongAdder refusals = new LongAdder();

    /** @param name of the host, or of one of its ports */
    public record Limit(String name, double perSecond) {
        /** Between two requests. */
        long stepNanos() {
            return (long) (1e9 / perSecond);
        }
    }

    /**
     * @param tokens requests, as many as were wanted or fewer
     * @param nextNanos where they are fewer, after how long there is another
     */
    public record Grant(int tokens, long nextNanos) {}

    /** Who knows limits and gives out what they leave. */
    public interface Source {
        /** Null when the host has none. At once, and for every job. */
        @Nullable
        Limit limitOf(String hostKey);

        /** What the limit of this name is now; null when it is gone. */
        @Nullable
        Limit limitNamed(String name);

        /** Given for good: what is not used soon is lost. */
        Mono<Grant> lease(Limit limit, int wanted);
    }

    /** @param workers where a turn goes on after it was waited for what was given */
    public RateLimits(Source source, LongSupplier nanoTime, Scheduler workers) {
        this.source = source;
        this.nanoTime = nanoTime;
        this.workers = workers;
    }

    /** Null when the host has no limit. */
    @Nullable
    TokenPurse purseOf(String hostKey) {
        Limit limit = source.limitOf(hostKey);
        if (limit == null) {
            return null;
        }
        TokenPurse purse = purses.computeIfAbsent(
                limit.name(), name -> new TokenPurse(limit, source, nanoTime, workers, refusals));
        purse.follow(limit);
        return purse;
    }

    /** Jobs given back since the start because the limit of their host was reached. */
    public long refusals() {
        return refusals.sum();
    }

    /** What the next claim is told of lanes whose hosts have a limit that they reach. */
    ClaimTerms terms() {
        if (purses.isEmpty()) {
            return ClaimTerms.of(Map.of());
        }
        purses.entrySet().removeIf(purse -> !isKept(purse.getKey(), purse.getValue()));
        Map<String, Integer> held = new HashMap<>();
        List<ClaimTerms.Told> told = purses.values().stream()
                .flatMap(purse -> purse.share(held).stream())
                .toList();
        return new ClaimTerms(held, told);
    }

    private boolean isKept(String name, TokenPurse purse) {
        Limit limit = source.limitNamed(name);
        if (limit != null) {
            purse.follow(limit);
        }
        return limit != null;
    }
}
