package io.posthaste.deliver;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.metrics.HostLoad;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/**
 * How many attempts may be in flight to each host: a receiver that hangs cannot hold every slot of the process (M66).
 *
 * <p>A host's limit follows how it answers ({@link HostWindow}): it starts small and grows with its successes; no answer,
 * or one that says "too much" (429, 503), lowers it. So a dead host soon holds a sixteenth of its places, whose attempts
 * are the probes that find out when it is back, and a few errors among many answers change little. A host that was left
 * alone until its connections are gone starts again.
 *
 * <p>A host is proven by any answer, and no longer when an attempt ends from whose start on it has answered nothing.
 * Until it is, it has a sixteenth of the places and takes them from {@link UnprovenPlaces}, a quarter of all.
 */
public final class HostLimits {
    /** Long enough that a full host's backlog is not claimed in circles, short against any retry. */
    private static final Attempted GIVEN_BACK = new Attempted.Ended(new Outcome.Released(Duration.ofMillis(250)));

    private static final long SHORTEST_WAIT_MILLIS = 20;
    private static final long LONGEST_WAIT_MILLIS = 1_000;
    /** For a place of a host that is given more with each answer. */
    private static final long LONGEST_WAIT_FOR_GROWTH_MILLIS = 250;

    /** For a new host that waits for its turn among others. */
    private static final long WAIT_FOR_TURN_MILLIS = 500;

    /** From then on a lane whose new hosts do not answer is claimed a few jobs at a time. */
    private static final long SILENT_MILLIS = 250;

    private static final int FLOOR = 16;
    private static final int SHARE_OF_UNPROVEN = 4;
    /** Hosts that are remembered while nothing is in flight to them. */
    private static final int MOST_HOSTS = 10_000;
    /** A host without attempts is forgotten after this: a restart of the process forgets them, too. */
    private static final long REMEMBERED_NANOS = Duration.ofMinutes(10).toNanos();
    /** As long as connections are kept idle by default: what comes then opens them anew, and must not do so all at once. */
    private static final long ALONE_NANOS = Duration.ofSeconds(30).toNanos();

    private final int maxPerHost;
    private final int minPerHost;
    private final LongSupplier nanoTime;
    private final UnprovenPlaces unproven;
    private final HeldLanes held;
    private final LongAdder refusals = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final AtomicLong givenBack = new AtomicLong();
    private final AtomicLong sweptAt;
    private final ConcurrentHashMap<String, Host> hosts = new ConcurrentHashMap<>();

    /**
     * What is known of a host.
     *
     * @param window places once it is proven
     * @param answeredAt nanoseconds, when it was last heard; of use only while proven
     * @param failed whether it was ever tried and did not answer, since it last did
     */
    private record Host(
            int inFlight, HostWindow window, boolean proven, boolean failed, long answeredAt, long usedAt) {}

    /**
     * @param maxInFlight places of all hosts together
     * @param maxPerHost places of a host that answers
     */
    public HostLimits(int maxInFlight, int maxPerHost, LongSupplier nanoTime) {
        this.maxPerHost = maxPerHost;
        this.minPerHost = Math.max(1, maxPerHost / FLOOR);
        this.nanoTime = nanoTime;
        this.unproven = new UnprovenPlaces(Math.max(1, maxInFlight / SHARE_OF_UNPROVEN));
        this.held = new HeldLanes(nanoTime);
        this.sweptAt = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Runs the attempt in one of the host's places; gives the lease back, at no cost to the job, when all are taken.
     *
     * @param lane the job's, which shares what unproven hosts have
     */
    Mono<Attempted> within(String host, String lane, Mono<Attempted> attempt) {
        return Mono.defer(() -> {
            Place place = enter(host, lane);
            if (place instanceof Refused refused) {
                return Mono.just(refused.answer());
            }
            Entered entered = (Entered) place;
            AtomicReference<Attempted> attempted = new AtomicReference<>(GIVEN_BACK);
            return attempt.doOnNext(attempted::set)
                    .doFinally(end -> leave(host, lane, entered, attempted.get().outcome()));
        });
    }

    /**
     * What becomes of a lease whose host has no place just now; empty when it may have one. Nothing is taken: whoever
     * comes {@link #within} later is held to the limit again.
     */
    Optional<Outcome> turnedAway(String name, String lane) {
        Host host = hosts.get(name);
        return host != null && host.inFlight() >= placesOf(host)
                ? Optional.of(
                        withoutPlace(host, lane, nanoTime.getAsLong()).answer().outcome())
                : Optional.empty();
    }

    /** Leases given back since the start because a host that answers had no place: more were claimed than can be sent. */
    long refusals() {
        return refusals.sum();
    }

    /** Answers since the start that did not ask for less. */
    long answers() {
        return answers.sum();
    }

    /** Attempts whose hosts have not answered for a while, and may never do. */
    int silent() {
        return unproven.silent(nanoTime.getAsLong());
    }

    /** How many jobs of which lanes the next claim may take, because their hosts do not answer. */
    Map<String, Integer> heldLanes() {
        return held.limits();
    }

    /** Hosts with attempts in flight or in trouble. */
    public int hosts() {
        return (int) hosts.values().stream()
                .filter(host -> host.inFlight() > 0 || isHeldBack(host))
                .count();
    }

    /** Hosts of which anything is known. */
    int remembered() {
        return hosts.size();
    }

    /** Hosts in trouble: those that did not answer, or lost places and have not got them back. */
    public List<HostLoad> heldBack() {
        return loads(this::isHeldBack);
    }

    /** Hosts that slow their deliveries now: in trouble, or with every place taken. */
    public List<HostLoad> limiting() {
        return loads(host -> isHeldBack(host) || host.inFlight() >= shownLimit(host));
    }

    private List<HostLoad> loads(Predicate<Host> which) {
        return hosts.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .map(entry -> new HostLoad(entry.getKey(), entry.getValue().inFlight(), shownLimit(entry.getValue())))
                .toList();
    }

    /** A host that was not heard yet and has not failed either is in no trouble. */
    private int shownLimit(Host host) {
        return host.failed() ? placesOf(host) : host.window().limit();
    }

    private boolean isHeldBack(Host host) {
        return host.failed() || host.window().isInTrouble();
    }

    private int placesOf(Host host) {
        int limit = host.window().limit();
        return host.proven() ? limit : Math.min(limit, minPerHost);
    }

    private sealed interface Place {}

    /** @param isShared whether it is one of those for unproven hosts */
    private record Entered(boolean isShared, long at) implements Place {}

    private record Refused(Attempted answer) implements Place {}

    private Place enter(String name, String lane) {
        long now = nanoTime.getAsLong();
        AtomicReference<Place> place = new AtomicReference<>();
        hosts.compute(name, (key, known) -> {
            Host host = known == null
                    ? new Host(0, HostWindow.first(maxPerHost), false, false, now, now)
                    : rested(known, now);
            Place got = enter(host, lane, now);
            place.set(got);
            if (got instanceof Entered) {
                return new Host(
                        host.inFlight() + 1, host.window(), host.proven(), host.failed(), host.answeredAt(), now);
            }
            return known;
        });
        return place.get();
    }

    private Host rested(Host host, long now) {
        boolean alone = host.inFlight() == 0 && now - host.usedAt() > ALONE_NANOS;
        return alone && !isHeldBack(host)
                ? new Host(0, HostWindow.first(maxPerHost), host.proven(), false, host.answeredAt(), host.usedAt())
                : host;
    }

    private Place enter(Host host, String lane, long now) {
        if (host.inFlight() >= placesOf(host)) {
            return withoutPlace(host, lane, now);
        }
        if (host.proven()) {
            return new Entered(false, now);
        }
        return switch (unproven.enter(lane, host.inFlight() == 0, now)) {
            case TAKEN -> new Entered(true, now);
            case NO_SHARE -> refused(lane, now);
            case NO_TURN -> {
                held.refused(lane);
                yield comesAgainAfter(WAIT_FOR_TURN_MILLIS);
            }
        };
    }

    private Refused withoutPlace(Host host, String lane, long now) {
        if (!host.proven() || host.window().isInTrouble()) {
            return refused(lane, now);
        }
        return host.window().isGrowing(maxPerHost) ? comesAgainAfter(waitFor(host.window())) : full();
    }

    /**
     * Comes again after as long as the lane's new hosts have been silent by now: at once when they are quick, in seconds
     * when they are not. Spread, so that a crowd does not come again together.
     */
    private Refused refused(String lane, long now) {
        long quiet = unproven.quiet(lane, now) / 1_000_000;
        if (quiet > SILENT_MILLIS) {
            held.refused(lane);
        }
        return comesAgainAfter(Math.clamp(quiet, SHORTEST_WAIT_MILLIS, LONGEST_WAIT_MILLIS));
    }

    /** The next answers bring more places, so that this says nothing about how many jobs should be claimed. */
    private static long waitFor(HostWindow window) {
        return Math.clamp((long) window.recent(), SHORTEST_WAIT_MILLIS, LONGEST_WAIT_FOR_GROWTH_MILLIS);
    }

    private Refused comesAgainAfter(long least) {
        long delay = least + givenBack.incrementAndGet() * 7_919 % least;
        return new Refused(new Attempted.Ended(new Outcome.Released(Duration.ofMillis(delay))));
    }

    private Refused full() {
        refusals.increment();
        return new Refused(GIVEN_BACK);
    }

    private void leave(String name, String lane, Entered place, Outcome outcome) {
        long now = nanoTime.getAsLong();
        if (place.isShared()) {
            unproven.leave(lane, heard(outcome) == Heard.ANSWER, now);
        }
        hosts.computeIfPresent(name, (key, host) -> after(host, place, outcome, now));
        sweep(now);
    }

    private Host after(Host host, Entered place, Outcome outcome, long now) {
        HostWindow window = after(host, outcome, now);
        int inFlight = host.inFlight() - 1;
        return switch (heard(outcome)) {
            case ANSWER -> new Host(inFlight, window, true, false, now, now);
            case NOTHING -> new Host(inFlight, window, host.proven(), host.failed(), host.answeredAt(), now);
            case SILENCE -> {
                boolean proven = host.proven() && host.answeredAt() - place.at() > 0;
                yield new Host(inFlight, window, proven, !proven, host.answeredAt(), now);
            }
        };
    }

    private enum Heard {
        ANSWER,
        SILENCE,
        /** No attempt was made, or it was given up. */
        NOTHING
    }

    private static Heard heard(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered done -> Heard.ANSWER;
            case Outcome.Retry retry -> heard(retry.attempt());
            case Outcome.Failed failed -> failed.attempt() == null ? Heard.NOTHING : heard(failed.attempt());
            case Outcome.Aborted stopped -> Heard.NOTHING;
            case Outcome.Skipped off -> Heard.NOTHING;
            case Outcome.Cancelled ended -> Heard.NOTHING;
            case Outcome.Drafted draft -> Heard.NOTHING;
            case Outcome.Released back -> Heard.NOTHING;
        };
    }

    private static Heard heard(Attempt attempt) {
        return attempt.status() == 0 ? Heard.SILENCE : Heard.ANSWER;
    }

    /** Once a minute, or at once where there are too many: whoever is idle and has not been used for long is forgotten. */
    private void sweep(long now) {
        long before = sweptAt.get();
        long pause = hosts.size() > MOST_HOSTS ? 1_000_000_000L : 60_000_000_000L;
        if (now - before < pause || !sweptAt.compareAndSet(before, now)) {
            return;
        }
        boolean tooMany = hosts.size() > MOST_HOSTS;
        hosts.values()
                .removeIf(host -> host.inFlight() == 0
                        && (now - host.usedAt() > REMEMBERED_NANOS || (tooMany && !host.proven())));
        if (hosts.size() > MOST_HOSTS) {
            hosts.values().removeIf(host -> host.inFlight() == 0);
        }
    }

    private HostWindow after(Host host, Outcome outcome, long now) {
        HostWindow window = host.window();
        return switch (outcome) {
            case Outcome.Delivered done -> {
                answers.increment();
                yield window.succeeded(done.attempt().elapsedMillis(), host.inFlight(), maxPerHost, now);
            }
            case Outcome.Retry retry -> after(window, retry.attempt());
            case Outcome.Failed failed -> failed.attempt() == null ? window : after(window, failed.attempt());
            case Outcome.Aborted stopped -> window;
            case Outcome.Skipped off -> window;
            case Outcome.Cancelled ended -> window;
            case Outcome.Drafted draft -> window;
            case Outcome.Released back -> window;
        };
    }

    private HostWindow after(HostWindow window, Attempt attempt) {
        if (isTrouble(attempt)) {
            return window.failed(minPerHost);
        }
        answers.increment();
        return window;
    }

    private static boolean isTrouble(Attempt attempt) {
        return attempt.status() == 0 || attempt.status() == 429 || attempt.status() == 503;
    }
}
