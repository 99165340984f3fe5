package io.posthaste.deliver.limit;

import io.posthaste.job.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;

/**
 * The way to a host: its places in this process, and before them what its limit leaves of all gateways' requests.
 *
 * @param places how many attempts may be in flight
 * @param rates how many may begin in a second
 */
public record HostGate(HostLimits places, RateLimits rates) {
    /**
     * A job that wants to go there.
     *
     * @param host {@code host:port}
     * @param whole whether all jobs of the lane go there; asked where the host has a limit
     * @param bytes of the job's bodies
     */
    public record Wish(String host, String lane, BooleanSupplier whole, long bytes) {}

    /** A place, or what becomes of the lease. */
    public Mono<HostLimits.Entry> enter(Wish wish) {
        TokenPurse purse = rates.purseOf(wish.host());
        return purse == null
                ? Mono.just(place(wish))
                : purse.take(wish.lane(), wish.whole().getAsBoolean())
                        .map(refused -> refused.<HostLimits.Entry>map(HostLimits.Refused::new)
                                .orElseGet(() -> placeWithToken(wish, purse)));
    }

    private HostLimits.Entry place(Wish wish) {
        return places.enter(wish.host(), wish.lane(), wish.bytes());
    }

    private HostLimits.Entry placeWithToken(Wish wish, TokenPurse purse) {
        HostLimits.Entry entry = place(wish);
        if (entry instanceof HostLimits.Refused) {
            purse.putBack();
        }
        return entry;
    }

    /**
     * What becomes of a lease that has no way to its host just now; empty when it may have one. Nothing is taken: whoever
     * wants to {@link #enter} later is held to the limits again.
     */
    public Optional<Outcome> turnedAway(Wish wish) {
        TokenPurse purse = rates.purseOf(wish.host());
        Optional<Outcome> withoutToken = purse == null
                ? Optional.empty()
                : purse.turnedAway(wish.lane(), wish.whole().getAsBoolean());
        return withoutToken.isPresent() ? withoutToken : places.turnedAway(wish.host(), wish.lane(), wish.bytes());
    }

    /** What the next claim is told of lanes whose jobs could not all be sent. */
    public ClaimTerms terms() {
        Map<String, Integer> silent = places.heldLanes();
        ClaimTerms rated = rates.terms();
        if (rated.limits().isEmpty()) {
            return ClaimTerms.of(silent);
        }
        Map<String, Integer> both = new HashMap<>(rated.limits());
        silent.forEach((lane, most) -> both.merge(lane, most, Math::min));
        return new ClaimTerms(both, rated.told());
    }
}
