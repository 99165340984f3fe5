package io.posthaste.boot;

import io.posthaste.deliver.limit.RateLimits;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.store.rate.HostRate;
import io.posthaste.store.rate.HostRates;
import io.posthaste.store.rate.RateTokens;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Limits of hosts over all gateways: what is set, and what Redis gives out of it. */
record RateWiring(HostRates rates, RateTokens tokens) implements RateLimits.Source {

    /** Blocks until the limits are known. */
    static RateWiring start(Foundation on, RedisConnections redis, Layouts layouts) {
        HostRates rates = new HostRates(redis.foreground(), on.timer());
        on.lifecycle().onStop("host limits", rates::stop);
        rates.start();
        return new RateWiring(rates, new RateTokens(redis.foreground(), layouts));
    }

    RateLimits limits(Scheduler workers) {
        return new RateLimits(this, System::nanoTime, workers);
    }

    @Override
    public RateLimits.@Nullable Limit limitOf(String hostKey) {
        return limit(rates.of(hostKey));
    }

    @Override
    public RateLimits.@Nullable Limit limitNamed(String name) {
        return limit(rates.get(name));
    }

    private static RateLimits.@Nullable Limit limit(@Nullable HostRate rate) {
        return rate == null ? null : new RateLimits.Limit(rate.host(), rate.perSecond());
    }

    @Override
    public Mono<RateLimits.Grant> lease(RateLimits.Limit limit, int wanted) {
        return tokens.lease(limit.name(), limit.perSecond(), wanted)
                .map(grant -> new RateLimits.Grant(grant.tokens(), 1_000 * grant.nextMicros()));
    }
}
