package io.posthaste.deliver;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.metrics.HostLoad;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;

/**
 * How many attempts may be in flight to each host: a receiver that hangs cannot hold every slot of the process (M66).
 *
 * <p>A host's limit follows how it answers. An attempt that brings no answer, or one that says "too much" (429, 503),
 * lowers it by an eighth; a success raises it by one. So a dead host soon holds a sixteenth of its places, whose
 * attempts are the probes that find out when it is back, and a few errors among many answers change little.
 */
public final class HostLimits {
    /** Long enough that a full host's backlog is not claimed in circles, short against any retry. */
    private static final Attempted GIVEN_BACK = new Attempted.Ended(new Outcome.Released(Duration.ofMillis(250)));

    private static final int FLOOR = 16;
    private static final int STEP = 8;
    /** Hosts whose troubles are remembered while nothing is in flight to them. */
    private static final int MOST_HOSTS = 10_000;

    private final int maxPerHost;
    private final int minPerHost;
    private final LongAdder refusals = new LongAdder();
    private final ConcurrentHashMap<String, HostLoad> loads = new ConcurrentHashMap<>();

    /** @param maxPerHost places of a host that answers */
    public HostLimits(int maxPerHost) {
        this.maxPerHost = maxPerHost;
        this.minPerHost = Math.max(1, maxPerHost / FLOOR);
    }

    /** Runs the attempt in one of the host's places; gives the lease back, at no cost to the job, when all are taken. */
    Mono<Attempted> within(String host, Mono<Attempted> attempt) {
        return Mono.defer(() -> {
            if (!enter(host)) {
                return Mono.just(GIVEN_BACK);
            }
            AtomicReference<Attempted> attempted = new AtomicReference<>(GIVEN_BACK);
            return attempt.doOnNext(attempted::set)
                    .doFinally(end -> leave(host, attempted.get().outcome()));
        });
    }

    /** Leases given back since the start because a host that answers had no place: more were claimed than can be sent. */
    long refusals() {
        return refusals.sum();
    }

    /** Hosts with attempts in flight or in trouble. */
    public int hosts() {
        return loads.size();
    }

    /** Hosts in trouble: those with fewer places than configured. */
    public List<HostLoad> heldBack() {
        return loads.values().stream().filter(load -> load.limit() < maxPerHost).toList();
    }

    /** Hosts that slow their deliveries now: in trouble, or with every place taken. */
    public List<HostLoad> limiting() {
        return loads.values().stream()
                .filter(load -> load.limit() < maxPerHost || load.inFlight() >= load.limit())
                .toList();
    }

    private boolean enter(String host) {
        AtomicBoolean entered = new AtomicBoolean();
        loads.compute(host, (name, load) -> {
            HostLoad now = load == null ? new HostLoad(name, 0, maxPerHost) : load;
            entered.set(now.inFlight() < now.limit());
            if (!entered.get() && now.limit() == maxPerHost) {
                refusals.increment();
            }
            return entered.get() ? new HostLoad(name, now.inFlight() + 1, now.limit()) : now;
        });
        return entered.get();
    }

    private void leave(String host, Outcome outcome) {
        loads.computeIfPresent(host, (name, load) -> {
            int limit = limitAfter(load.limit(), outcome);
            boolean forgettable = limit == maxPerHost || loads.size() > MOST_HOSTS;
            return load.inFlight() == 1 && forgettable ? null : new HostLoad(name, load.inFlight() - 1, limit);
        });
    }

    private int limitAfter(int limit, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered done -> Math.min(maxPerHost, limit + 1);
            case Outcome.Retry retry -> limitAfter(limit, retry.attempt());
            case Outcome.Failed failed -> failed.attempt() == null ? limit : limitAfter(limit, failed.attempt());
            case Outcome.Aborted stopped -> limit;
            case Outcome.Skipped off -> limit;
            case Outcome.Cancelled ended -> limit;
            case Outcome.Drafted draft -> limit;
            case Outcome.Released back -> limit;
        };
    }

    private int limitAfter(int limit, Attempt attempt) {
        return isTrouble(attempt) ? Math.max(minPerHost, limit - Math.max(1, limit / STEP)) : limit;
    }

    private static boolean isTrouble(Attempt attempt) {
        return attempt.status() == 0 || attempt.status() == 429 || attempt.status() == 503;
    }
}
