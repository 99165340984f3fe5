package io.posthaste.deliver;

import io.posthaste.action.Action;
import io.posthaste.action.Action.Sending;
import io.posthaste.deliver.limit.HostGate;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.queue.JobQueues;
import io.posthaste.send.RequestSender;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Whether a lease may go on: before anything is rendered, as far as it can be known by then. What Redis says is checked
 * here as it was at save.
 */
public final class Admission {
    /** What must be left of a lease beyond the attempt itself, for settling it. */
    private static final Duration SETTLE_MARGIN = Duration.ofSeconds(2);

    private static final String ACTION_IS_OFF = "action is off";
    private static final Outcome GIVEN_BACK = new Outcome.Released(Duration.ZERO);

    private final JobQueues queues;
    private final HostGate hosts;
    private final FixedHosts fixed;
    private final InstantSource clock;
    private volatile boolean refusing;

    /** @param queues told when a lane's leases are too short for its attempts */
    public Admission(JobQueues queues, RequestSender sender, HostGate hosts, InstantSource clock) {
        this.queues = queues;
        this.hosts = hosts;
        this.fixed = new FixedHosts(sender::hostKeyOf);
        this.clock = clock;
    }

    Mono<Course.Judged> admit(Course.Found found) {
        if (refusing) {
            return Mono.just(Course.Ended.without(found.flight(), GIVEN_BACK));
        }
        Duration timeout = found.action().retry().timeout();
        if (found.action().sending() == Sending.OFF) {
            return Mono.just(
                    Course.Ended.without(found.flight(), off(found.flight().lease())));
        }
        return isTooLate(found.flight().lease(), timeout) ? tooLate(found, timeout) : Mono.just(placed(found));
    }

    /** From now on every lease is given back unsent. */
    void refuse() {
        refusing = true;
    }

    /** By the end of the attempt somebody else would have the job. */
    private boolean isTooLate(Lease lease, Duration timeout) {
        return lease.hold().expiresAt().isBefore(clock.instant().plus(timeout).plus(SETTLE_MARGIN));
    }

    /**
     * It waited too long, in a paused machine say, or its lane does not know how long its attempts are. Where Redis does
     * not hear of that, the next such lease tells it; this one is given back all the same.
     */
    private Mono<Course.Judged> tooLate(Course.Found found, Duration timeout) {
        return queues.lengthen(found.flight().lease(), timeout)
                .onErrorComplete()
                .thenReturn(Course.Ended.without(found.flight(), GIVEN_BACK));
    }

    /** New work is skipped, a pending retry ends (M67), and what a person sent by hand is kept for another try. */
    private static Outcome off(Lease lease) {
        if (lease.frozen() == null) {
            return new Outcome.Skipped();
        }
        return lease.past().attempts() == 0
                ? new Outcome.Failed(null, ACTION_IS_OFF, null)
                : new Outcome.Cancelled(ACTION_IS_OFF);
    }

    /** A job whose host has no place would be rendered only to be given back. */
    private Course.Judged placed(Course.Found found) {
        Flight flight = found.flight();
        return turnedAway(flight, found.action())
                .<Course.Judged>map(outcome -> Course.Ended.without(flight, outcome))
                .orElseGet(() -> new Course.Admitted(flight, found.action()));
    }

    private Optional<Outcome> turnedAway(Flight flight, Action action) {
        return flight.lease().unchanged() == null && !flight.becomesDraft(action)
                ? fixed.of(action).flatMap(host -> hosts.turnedAway(wish(flight, action, host)))
                : Optional.empty();
    }

    /** What a job asks its host for whose request is made. */
    HostGate.Wish wish(Course.Rendered rendered) {
        return wish(rendered.flight(), rendered.action(), rendered.target().hostKey());
    }

    private HostGate.Wish wish(Flight flight, Action action, String host) {
        return new HostGate.Wish(
                host,
                flight.lane(),
                () -> isWholeLanes(flight, action, host),
                flight.permit().bytes());
    }

    /** Whether the lane has jobs for no other host: it is its action's own, and that writes the host out. */
    private boolean isWholeLanes(Flight flight, Action action, String host) {
        return flight.job().action() != null
                && fixed.of(action).filter(host::equals).isPresent();
    }
}
