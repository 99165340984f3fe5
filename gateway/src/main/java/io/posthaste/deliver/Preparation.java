package io.posthaste.deliver;

import io.posthaste.action.Action;
import io.posthaste.action.Action.Sending;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.queue.JobQueue;
import io.posthaste.render.Rendering;
import io.posthaste.render.RequestRenderer;
import io.posthaste.send.InvalidUrlException;
import io.posthaste.send.RequestSender;
import io.posthaste.store.DamagedRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Everything before a request may be signed: the action is found, the request rendered once or taken as frozen, its
 * URL taken apart. What Redis says is checked here as it was at save (JOB-5).
 */
public final class Preparation {
    /** What must be left of a lease beyond the attempt itself, for settling it. */
    private static final Duration SETTLE_MARGIN = Duration.ofSeconds(2);

    private static final String ACTION_IS_OFF = "action is off";
    private static final Prepared GIVEN_BACK = new Prepared.Ended(new Outcome.Released(Duration.ZERO));

    private final JobQueue queue;
    private final ActionLookup actions;
    private final PersonLookup people;
    private final RequestRenderer renderer;
    private final RequestSender sender;
    private final HostLimits hosts;
    private final FixedHosts fixed;
    private final InstantSource clock;
    private volatile boolean refusing;

    /** @param queue told when a lane's leases are too short for its attempts */
    public Preparation(
            JobQueue queue,
            ActionLookup actions,
            PersonLookup people,
            RequestRenderer renderer,
            RequestSender sender,
            HostLimits hosts,
            InstantSource clock) {
        this.queue = queue;
        this.actions = actions;
        this.people = people;
        this.renderer = renderer;
        this.sender = sender;
        this.hosts = hosts;
        this.fixed = new FixedHosts(sender::hostKeyOf);
        this.clock = clock;
    }

    Mono<Prepared> prepare(Lease lease) {
        return refusing ? Mono.just(GIVEN_BACK) : actions.find(lease.job()).flatMap(found -> prepare(lease, found));
    }

    /** From now on every lease is given back unsent. */
    void refuse() {
        refusing = true;
    }

    private Mono<Prepared> prepare(Lease lease, ActionLookup.Found found) {
        return switch (found) {
            case ActionLookup.Usable usable -> prepare(lease, usable.action());
            case ActionLookup.Unusable unusable -> Mono.just(failed(unusable.reason()));
        };
    }

    private Mono<Prepared> prepare(Lease lease, Action action) {
        Duration timeout = action.retry().timeout();
        boolean sends = action.sending() != Sending.OFF;
        if (sends && lease.expiresAt().isBefore(clock.instant().plus(timeout).plus(SETTLE_MARGIN))) {
            // By the end of the attempt somebody else would have it. It waited too long, in a paused machine say, or
            // its lane does not know how long its attempts are.
            return queue.lengthen(lease.job().lane(), timeout).thenReturn(GIVEN_BACK);
        }
        return sends ? frozenOrRendered(lease, action) : Mono.just(off(lease));
    }

    private Mono<Prepared> frozenOrRendered(Lease lease, Action action) {
        RenderedRequest frozen = lease.frozen();
        return frozen != null && !lease.isApprovedDraft()
                ? Mono.just(ready(action, frozen))
                : placedOrRendered(lease, action);
    }

    /** A job whose host has no place would be rendered only to be given back. */
    private Mono<Prepared> placedOrRendered(Lease lease, Action action) {
        Optional<Outcome> turnedAway = isDraft(lease, action)
                ? Optional.empty()
                : fixed.of(action)
                        .flatMap(host -> hosts.turnedAway(host, lease.job().lane()));
        return turnedAway.isPresent() ? Mono.just(new Prepared.Ended(turnedAway.get())) : render(lease, action);
    }

    private Mono<Prepared> render(Lease lease, Action action) {
        Rendering rendering = renderer.render(action, lease.job());
        return rendering instanceof Rendering.NeedsPerson needs
                ? people.find(needs.id())
                        .map(person -> rendered(lease, action, renderer.render(action, lease.job(), person)))
                        .onErrorResume(DamagedRecord.class, e -> Mono.just(failed(e.getMessage())))
                : Mono.just(rendered(lease, action, rendering));
    }

    private Prepared rendered(Lease lease, Action action, Rendering rendering) {
        return switch (rendering) {
            case Rendering.Rendered rendered ->
                isDraft(lease, action) ? drafted(rendered.request(), action) : ready(action, rendered.request());
            case Rendering.Broken broken -> failed(broken.reason());
            case Rendering.Aborted aborted -> new Prepared.Ended(new Outcome.Aborted(aborted.reason()));
            case Rendering.NeedsPerson needs -> throw new IllegalStateException("the person is at hand");
        };
    }

    private static Prepared drafted(RenderedRequest request, Action action) {
        boolean holds = !action.responseAttributes().isEmpty();
        return new Prepared.Ended(new Outcome.Drafted(request, holds));
    }

    /** New work is skipped, a pending retry ends (M67), and what a person sent by hand is kept for another try. */
    private static Prepared off(Lease lease) {
        if (lease.frozen() == null) {
            return new Prepared.Ended(new Outcome.Skipped());
        }
        return lease.attempts() == 0 ? failed(ACTION_IS_OFF) : new Prepared.Ended(new Outcome.Cancelled(ACTION_IS_OFF));
    }

    private static boolean isDraft(Lease lease, Action action) {
        return !lease.isApprovedDraft() && (lease.job().draft() || action.sending() == Sending.DRAFT);
    }

    private Prepared ready(Action action, RenderedRequest request) {
        try {
            return new Prepared.Ready(action, request, sender.targetOf(request));
        } catch (InvalidUrlException e) {
            return failed("invalid URL after rendering: " + e.problem());
        }
    }

    private static Prepared failed(@Nullable String reason) {
        return new Prepared.Ended(new Outcome.Failed(null, String.valueOf(reason), null));
    }
}
