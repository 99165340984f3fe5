package io.posthaste.deliver.limit;

import io.posthaste.job.Outcome;
import io.posthaste.metrics.HostActivity;
import io.posthaste.metrics.HostLoad;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts may be in flight to each host: a receiver that hangs cannot hold every slot of the process (M66).
 *
 * <p>A host's limit follows how it answers ({@link HostWindow}): it starts small and grows with its successes; no answer,
 * or one that says "too much" (429, 503), lowers it. So a dead host soon holds a sixteenth of its places, whose attempts
 * are the probes that find out when it is back, and a few errors among many answers change little. A host that was left
 * alone until its connections are gone starts again.
 *
 * <p>A host is proven by any answer, and no longer when an attempt ends from whose start on it has answered nothing.
 * Until it is, it has a sixteenth of the places and takes them from {@link UnprovenPlaces}, a quarter of all. A lane that
 * it does not answer while it answers others is held to a part of its places ({@link HostLanes}).
 */
public final class HostLimits {
    private static final int FLOOR = 16;

    /**
     * How many times the bytes that are still free a host may hold that answers: alone three quarters of all, and however
     * many such hosts there are, some are left for the next. Others get a {@value #FLOOR}th of all.
     */
    private static final int TIMES_THE_FREE_BYTES = 3;

    private static final int SHARE_OF_UNPROVEN = 4;

    private final int maxPerHost;
    private final int minPerHost;
    private final long maxBytes;
    private final LongSupplier nanoTime;
    private final UnprovenPlaces unproven;
    private final GivingBack givingBack;
    private final LongAdder answers = new LongAdder();
    private final LongAdder probes = new LongAdder();
    private final AtomicLong bytesInFlight = new AtomicLong();
    private final KnownHosts hosts;
    private final HostActivity activity = new HostActivity();

    /**
     * @param maxInFlight places of all hosts together
     * @param maxPerHost places of a host that answers
     * @param heap for the bodies of all attempts together, in bytes
     */
    public HostLimits(int maxInFlight, int maxPerHost, long heap, LongSupplier nanoTime) {
        this.maxPerHost = maxPerHost;
        this.minPerHost = Math.max(1, maxPerHost / FLOOR);
        this.maxBytes = Slots.countedOnce(heap);
        this.nanoTime = nanoTime;
        this.unproven = new UnprovenPlaces(Math.max(1, maxInFlight / SHARE_OF_UNPROVEN), maxBytes / SHARE_OF_UNPROVEN);
        this.givingBack = new GivingBack(nanoTime);
        this.hosts = new KnownHosts(nanoTime.getAsLong());
    }

    /** What asking for a place brings. */
    public sealed interface Entry {}

    /** @param outcome the lease is given back, at no cost to the job */
    public record Refused(Outcome.Released outcome) implements Entry {}

    /** A place, until it is left. */
    public final class Place implements Entry {
        private final String host;
        private final String lane;
        private final long bytes;
        private final long at;
        private final Kind kind;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Place(String host, String lane, long bytes, long at, Kind kind) {
            this.host = host;
            this.lane = lane;
            this.bytes = bytes;
            this.at = at;
            this.kind = kind;
        }

        String lane() {
            return lane;
        }

        long bytes() {
            return bytes;
        }

        /** Nanoseconds, when it was taken. */
        long at() {
            return at;
        }

        /** Whether it was taken for a lane that its host did not answer. */
        boolean isProbe() {
            return kind == Kind.PROBE;
        }

        /** Makes room, the first time it is asked to, and learns from what became of the attempt. */
        public void leave(Outcome outcome) {
            activity.ended(host, outcome);
            leave(Heard.of(outcome));
        }

        /** As {@link #leave}, when nobody knows what became of it. */
        void giveUp() {
            leave(new Heard.Nothing());
        }

        private void leave(Heard heard) {
            if (open.compareAndSet(true, false)) {
                HostLimits.this.leave(this, heard);
            }
        }
    }

    private enum Kind {
        /** The host's own. */
        OWN,
        /** The host's own, of those for lanes it does not answer. */
        PROBE,
        /** One of those for unproven hosts. */
        SHARED
    }

    /**
     * Takes one of the host's places.
     *
     * @param lane the job's, which shares what unproven hosts have
     * @param bytes of the job's bodies
     */
    public Entry enter(String name, String lane, long bytes) {
        long now = nanoTime.getAsLong();
        AtomicReference<Entry> entry = new AtomicReference<>();
        hosts.change(name, known -> {
            HostState host = known == null ? HostState.unknown(maxPerHost, now) : known.rested(maxPerHost, now);
            Entry got = enter(name, host, lane, bytes, now);
            entry.set(got);
            return got instanceof Place place ? host.entered(place) : known;
        });
        if (entry.get() instanceof Place place) {
            bytesInFlight.addAndGet(bytes);
            probes.add(place.isProbe() ? 1 : 0);
        }
        return entry.get();
    }

    /**
     * What becomes of a lease whose host has no place just now; empty when it may have one. Nothing is taken: whoever
     * wants to {@link #enter} later is held to the limit again.
     */
    public Optional<Outcome> turnedAway(String name, String lane, long bytes) {
        HostState host = hosts.get(name);
        return host == null
                ? Optional.empty()
                : Optional.ofNullable(refusal(name, host, lane, bytes, nanoTime.getAsLong()))
                        .map(Refused::outcome);
    }

    /** Leases given back since the start because a host that answers had no place: more were claimed than can be sent. */
    public long refusals() {
        return givingBack.refusals();
    }

    /** Answers since the start that did not ask for less. */
    public long answers() {
        return answers.sum();
    }

    /** Attempts whose hosts have not answered for a while, them or anybody, and may never do. */
    public int silent() {
        return unproven.silent(nanoTime.getAsLong()) + probes.intValue();
    }

    /** How many jobs of which lanes the next claim may take, because their hosts do not answer. */
    public Map<String, Integer> heldLanes() {
        return givingBack.heldLanes();
    }

    /** Hosts with attempts in flight or in trouble. */
    public int hosts() {
        return (int)
                hosts.all(host -> host.inFlight() > 0 || host.isInTrouble()).count();
    }

    /** Hosts of which anything is known. */
    int remembered() {
        return hosts.size();
    }

    /** Hosts in trouble: those that did not answer, or lost places and have not got them back. */
    public List<HostLoad> heldBack() {
        return loads(HostState::isInTrouble);
    }

    /** Hosts that slow their deliveries now: in trouble, or with every place taken. */
    public List<HostLoad> limiting() {
        return loads(host -> host.isInTrouble() || host.inFlight() >= shownLimit(host));
    }

    /** Every host of which anything is known. */
    public List<HostStanding> standings() {
        return hosts.all(host -> true)
                .map(entry -> HostStanding.of(entry.getKey(), entry.getValue(), shownLimit(entry.getValue())))
                .toList();
    }

    /** How they answered lately. */
    public HostActivity activity() {
        return activity;
    }

    private List<HostLoad> loads(Predicate<HostState> which) {
        return hosts.all(which)
                .map(entry -> new HostLoad(entry.getKey(), entry.getValue().inFlight(), shownLimit(entry.getValue())))
                .toList();
    }

    /** A host that was not heard yet and has not failed either is in no trouble. */
    private int shownLimit(HostState host) {
        return host.failed() ? host.places(minPerHost) : host.window().limit();
    }

    private Entry enter(String name, HostState host, String lane, long bytes, long now) {
        Refused refusal = refusal(name, host, lane, bytes, now);
        if (refusal != null) {
            return refusal;
        }
        if (host.proven()) {
            return new Place(name, lane, bytes, now, host.isSilentFor(lane) ? Kind.PROBE : Kind.OWN);
        }
        return switch (unproven.enter(lane, bytes, host.inFlight() == 0, now)) {
            case TAKEN -> new Place(name, lane, bytes, now, Kind.SHARED);
            case NO_SHARE -> silent(lane, bytes, now);
            case NO_TURN -> new Refused(givingBack.untilItsTurn(lane, bytes));
        };
    }

    private @Nullable Refused refusal(String name, HostState host, String lane, long bytes, long now) {
        if (host.inFlight() >= host.places(minPerHost)) {
            return withoutPlace(host, lane, bytes, now);
        }
        if (host.isSilentFor(lane) && !host.lanes().hasPlace(lane, host.window().limit())) {
            return new Refused(givingBack.whileSilent(lane, bytes, host.lanes().quiet(lane, now)));
        }
        if (host.bytes() == 0 || host.bytes() + bytes <= bytesOf(host)) {
            return null;
        }
        return new Refused(givingBack.untilThereIsRoom(lane, bytes, () -> roomFor(name, bytes)));
    }

    /** How many more bodies of this size the host may hold. */
    private int roomFor(String name, long bytes) {
        HostState host = hosts.get(name);
        return host == null ? 1 : (int) Math.max(0, (bytesOf(host) - host.bytes()) / Math.max(1, bytes));
    }

    /** A host that hangs shall not hold what all bodies may. */
    private long bytesOf(HostState host) {
        return host.proven() ? TIMES_THE_FREE_BYTES * (maxBytes - bytesInFlight.get()) : maxBytes / FLOOR;
    }

    private Refused withoutPlace(HostState host, String lane, long bytes, long now) {
        if (!host.proven() || host.window().isInTrouble()) {
            return silent(lane, bytes, now);
        }
        return new Refused(
                host.window().isGrowing(maxPerHost) ? givingBack.whileGrowing(host.window()) : givingBack.full());
    }

    private Refused silent(String lane, long bytes, long now) {
        return new Refused(givingBack.whileSilent(lane, bytes, unproven.quiet(lane, now)));
    }

    private void leave(Place place, Heard heard) {
        long now = nanoTime.getAsLong();
        if (heard.isAnswer() && !(heard instanceof Heard.TooMuch)) {
            answers.increment();
        }
        if (place.kind == Kind.SHARED) {
            unproven.leave(place.lane, place.bytes, heard.isAnswer(), now);
        }
        if (place.kind == Kind.PROBE) {
            probes.decrement();
        }
        hosts.change(place.host, host -> host == null ? null : host.left(place, heard, maxPerHost, minPerHost, now));
        bytesInFlight.addAndGet(-place.bytes);
        hosts.sweep(now);
    }
}
