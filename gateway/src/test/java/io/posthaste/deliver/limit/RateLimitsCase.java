package io.posthaste.deliver.limit;

import io.posthaste.deliver.limit.RateLimits.Grant;
import io.posthaste.deliver.limit.RateLimits.Limit;
import io.posthaste.job.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** A host with a limit, and one who gives its tokens. */
abstract class RateLimitsCase {
    static final String HOST = "api.example.com:443";
    static final long MILLI = 1_000_000;

    long now = 1_000 * MILLI;
    final Giver giver = new Giver();
    final HostLimits places = new HostLimits(1_000, 100, 4_000_000, () -> now);
    final RateLimits rates = new RateLimits(giver, () -> now, Schedulers.immediate());
    final HostGate gate = new HostGate(places, rates);

    /** Gives a bucket's worth as Redis would, at once or when it is told to. */
    static final class Giver implements RateLimits.Source {
        final Map<String, Double> limits = new HashMap<>(Map.of(HOST, 100.0));
        final Deque<Sinks.One<Grant>> held = new ArrayDeque<>();
        final List<Integer> asked = new ArrayList<>();
        int left = Integer.MAX_VALUE;
        long next = 10 * MILLI;
        boolean holds;

        @Override
        public @Nullable Limit limitOf(String hostKey) {
            Double limit = limits.get(hostKey);
            return limit == null ? null : new Limit(hostKey, limit);
        }

        @Override
        public @Nullable Limit limitNamed(String name) {
            return limitOf(name);
        }

        @Override
        public Mono<Grant> lease(Limit limit, int wanted) {
            asked.add(wanted);
            if (holds) {
                Sinks.One<Grant> answer = Sinks.one();
                held.add(answer);
                return answer.asMono();
            }
            int given = Math.min(wanted, left);
            left -= given;
            return Mono.just(new Grant(given, given < wanted ? next : 0));
        }
    }

    /** So many tokens are there by the time one is expected; the claim that follows hears of them. */
    final void refill(int tokens) {
        now += 20 * MILLI;
        giver.left = tokens;
        gate.terms().answered(List.of());
    }

    final HostLimits.Entry enter(String lane) {
        List<HostLimits.Entry> entries = new ArrayList<>();
        gate.enter(wish(lane)).subscribe(entries::add);
        return entries.getFirst();
    }

    static HostGate.Wish wish(String lane) {
        return new HostGate.Wish(HOST, lane, () -> true, 10);
    }

    static Duration delay(HostLimits.Entry entry) {
        Outcome.Released outcome = ((HostLimits.Refused) entry).outcome();
        return outcome.delay();
    }
}
