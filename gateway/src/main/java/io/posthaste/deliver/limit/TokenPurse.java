package io.posthaste.deliver.limit;

import io.posthaste.job.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * What this process may still send to a host that has a limit. Tokens come in portions and are good for a moment only, so
 * that neither a process that ends nor one whose jobs are over keeps the limit from the others.
 *
 * <p>A job that finds no token waits for the answer of one call, in which all that came meanwhile have a part; who gets
 * none is given back until one is expected. Thread-safe; nothing foreign is called under the lock. Times are nanoseconds.
 */
final class TokenPurse {
    /** A claim and its jobs' rendering take less; what is kept longer would come on top of the next portion. */
    private static final long LEAST_VALID = 150_000_000L;

    private static final long MOST_VALID = 1_000_000_000L;

    /** For how long it is asked ahead where jobs wait: for as long as it was since the last call, within these. */
    private static final long SHORTEST_PORTION = 50_000_000L;

    private static final long LONGEST_PORTION = 100_000_000L;

    /** The same where jobs may come, as many as came so far. */
    private static final long AHEAD = 25_000_000L;

    private static final long MILLI = 1_000_000L;

    /** Between two calls while there is too little, at least. */
    private static final long PAUSE = 10_000_000L;

    /** Between two calls while nobody answers. */
    private static final long OUTAGE = 100_000_000L;

    /** A lane waits until nothing of it was refused for so long, or for two requests. */
    private static final long HELD = 1_000_000_000L;

    private static final long LONGEST_HELD = 10_000_000_000L;
    private static final long SHORTEST_WAIT_MILLIS = 20;
    private static final long LONGEST_WAIT_MILLIS = 2_000;

    private final RateLimits.Source source;
    private final LongSupplier nanoTime;
    private final Scheduler workers;
    private final LongAdder refusals;
    private final RatedLanes lanes = new RatedLanes();
    private final TokenPortions tokens = new TokenPortions();
    private final Promises promises = new Promises();
    private final List<Waiting> waiting = new ArrayList<>();
    private RateLimits.Limit limit;
    private boolean asking;
    private long askedAt;
    private long nextAt;
    private int usedSinceAsked;
    private long lineEndsAt;
    private long spread;

    private record Waiting(String lane, boolean whole, MonoSink<Optional<Outcome.Released>> sink) {}

    private record Served(Waiting job, Optional<Outcome.Released> refusal) {}

    /**
     * @param workers where a job goes on that waited for an answer
     * @param refusals counts jobs that are given back
     */
    TokenPurse(
            RateLimits.Limit limit,
            RateLimits.Source source,
            LongSupplier nanoTime,
            Scheduler workers,
            LongAdder refusals) {
        this.limit = limit;
        this.source = source;
        this.nanoTime = nanoTime;
        this.workers = workers;
        this.refusals = refusals;
        this.askedAt = nanoTime.getAsLong();
        this.nextAt = askedAt;
        this.lineEndsAt = askedAt;
    }

    /** From now on this is the limit. */
    synchronized void follow(RateLimits.Limit current) {
        if (!limit.equals(current)) {
            limit = current;
            nextAt = nanoTime.getAsLong();
            lineEndsAt = nextAt;
        }
    }

    /**
     * Takes a token; what becomes of a job that gets none, else empty.
     *
     * @param whole whether all jobs of the lane are for this host
     */
    Mono<Optional<Outcome.Released>> take(String lane, boolean whole) {
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (takeOne(lane, now)) {
                return Mono.just(Optional.empty());
            }
            if (!asking && now < nextAt) {
                return Mono.just(Optional.of(refuse(lane, whole, now)));
            }
        }
        return Mono.<Optional<Outcome.Released>>create(sink -> await(new Waiting(lane, whole, sink)))
                .publishOn(workers);
    }

    /** What becomes of a job for which there is no token as far as one can tell without a call; else empty. */
    synchronized Optional<Outcome> turnedAway(String lane, boolean whole) {
        long now = nanoTime.getAsLong();
        return !asking && now < nextAt && tokens.available(now) == 0
                ? Optional.of(refuse(lane, whole, now))
                : Optional.empty();
    }

    /** One that was taken was not used. */
    synchronized void putBack() {
        tokens.add(1, nanoTime.getAsLong() + LEAST_VALID);
    }

    /**
     * Tells how many jobs of each waiting lane a claim may take, and asks for what the next one will.
     *
     * @param held by lane; added to
     * @return what was promised to the claim; empty when no lane waits
     */
    Optional<ClaimTerms.Told> share(Map<String, Integer> held) {
        ClaimTerms.Told told;
        int wanted;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            lanes.forget(now, Math.clamp(2 * limit.stepNanos(), HELD, LONGEST_HELD));
            if (lanes.isEmpty()) {
                return Optional.empty();
            }
            int free = Math.max(0, tokens.available(now) - promises.open(now));
            told = new ClaimTerms.Told(this, lanes.share(free, now, held), lanes.names());
            promises.toClaim(told.tokens(), now);
            wanted = asking || now < nextAt ? 0 : portion(now - askedAt) + 1 - free;
            if (wanted > 0) {
                ask(now);
            }
        }
        call(wanted);
        return Optional.of(told);
    }

    /**
     * A claim that was told something has its jobs.
     *
     * @param promised as it was told
     * @param jobs that will come for a token
     */
    synchronized void claimed(int promised, int jobs) {
        promises.claimed(promised, jobs, nanoTime.getAsLong());
    }

    private void await(Waiting job) {
        int wanted = 0;
        synchronized (this) {
            waiting.add(job);
            if (!asking) {
                long now = nanoTime.getAsLong();
                wanted = waiting.size() + ahead(now);
                ask(now);
            }
        }
        call(wanted);
    }

    private void ask(long now) {
        asking = true;
        askedAt = now;
        usedSinceAsked = 0;
    }

    private int portion(long since) {
        return (int) (limit.perSecond() * Math.clamp(since, SHORTEST_PORTION, LONGEST_PORTION) / 1e9);
    }

    private int ahead(long now) {
        long since = Math.max(MILLI, now - askedAt);
        return (int) Math.min(portion(0), (double) usedSinceAsked * AHEAD / since);
    }

    private void call(int wanted) {
        if (wanted <= 0) {
            return;
        }
        RateLimits.Limit asked;
        long from;
        synchronized (this) {
            asked = limit;
            from = askedAt;
        }
        source.lease(asked, wanted)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("no answer")))
                .subscribe(grant -> answered(grant, wanted, from), failure -> failed());
    }

    private void answered(RateLimits.Grant grant, int wanted, long from) {
        List<Served> served;
        int more = 0;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            boolean isShort = grant.tokens() < wanted;
            tokens.add(grant.tokens(), from + Math.clamp(limit.stepNanos(), LEAST_VALID, MOST_VALID));
            nextAt = isShort ? now + Math.max(PAUSE, grant.nextNanos()) : now;
            served = serve(now, isShort);
            if (!waiting.isEmpty()) {
                more = waiting.size() + ahead(now);
                ask(now);
            }
        }
        tell(served);
        call(more);
    }

    /** The limit holds while nobody knows what is left of it. */
    private void failed() {
        List<Served> served;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            nextAt = now + OUTAGE;
            served = serve(now, true);
        }
        tell(served);
    }

    /** @param all whether those are given back for whom there is none; else they wait on */
    private List<Served> serve(long now, boolean all) {
        asking = false;
        List<Served> served = new ArrayList<>(waiting.size());
        for (Waiting job : waiting) {
            if (takeOne(job.lane(), now)) {
                served.add(new Served(job, Optional.empty()));
            } else if (all) {
                served.add(new Served(job, Optional.of(refuse(job.lane(), job.whole(), now))));
            } else {
                break;
            }
        }
        waiting.subList(0, served.size()).clear();
        return served;
    }

    private static void tell(List<Served> served) {
        served.forEach(one -> one.job().sink().success(one.refusal()));
    }

    private boolean takeOne(String lane, long now) {
        if (!tokens.takeOne(now)) {
            return false;
        }
        promises.taken(now);
        usedSinceAsked++;
        if (tokens.available(now) == 0) {
            lanes.drained(lane, now);
        }
        return true;
    }

    /** Given back for as long as those before it take, or, where that is long, spread over a while. */
    private Outcome.Released refuse(String lane, boolean whole, long now) {
        refusals.increment();
        lanes.refused(lane, whole, now);
        long end = Math.max(lineEndsAt, Math.max(now, nextAt)) + limit.stepNanos();
        long millis = (end - now) / MILLI;
        if (millis > LONGEST_WAIT_MILLIS) {
            millis = LONGEST_WAIT_MILLIS / 2 + ++spread * 7_919 % (LONGEST_WAIT_MILLIS / 2);
        } else {
            lineEndsAt = end;
        }
        return new Outcome.Released(Duration.ofMillis(Math.max(SHORTEST_WAIT_MILLIS, millis)));
    }
}
