package io.posthaste.deliver;

import io.posthaste.action.Action;
import io.posthaste.classify.ReplyClassifier;
import io.posthaste.classify.StopSign;
import io.posthaste.deliver.limit.ClaimTerms;
import io.posthaste.deliver.limit.Demand;
import io.posthaste.deliver.limit.HostGate;
import io.posthaste.deliver.limit.HostLimits;
import io.posthaste.job.Header;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.queue.Settled;
import io.posthaste.send.RequestSender;
import io.posthaste.sign.RequestSigner;
import io.posthaste.trace.Traces;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One lease, end to end: {@code find -> admit -> render -> sign -> send -> classify -> settle}. Start reading here.
 *
 * <p>Every ending is an {@link Outcome}. An exception is a bug or an outage of Redis: nothing is settled then, the lease
 * runs out and the job is claimed again, which is why receivers get an idempotency key.
 */
public final class DeliveryPipeline {
    /** In characters; what a bug says may carry all that a job did. */
    private static final int LONGEST_REASON = 200;

    private final ActionLookup actions;
    private final Admission admission;
    private final RequestMaking making;
    private final RequestSigner signer;
    private final HostGate hosts;
    private final RequestSender sender;
    private final ReplyClassifier classifier;
    private final AttemptStory story;
    private final PersonUpdates people;
    private final Settling settling;
    private final LanePauses pauses;
    private final Traces traces;
    private final InstantSource clock;

    /** What each step is done with, in the order in which a job meets them. */
    public record Stages(
            ActionLookup actions,
            Admission admission,
            RequestMaking making,
            RequestSigner signer,
            Sending sending,
            Ending ending) {

        /** What a request is sent with, and what its answer means. */
        public record Sending(HostGate hosts, RequestSender sender, ReplyClassifier classifier, AttemptStory story) {}

        /** What becomes of the person, of the lease, and of the lane, and who is told. */
        public record Ending(PersonUpdates people, Settling settling, LanePauses pauses, Traces traces) {}
    }

    public DeliveryPipeline(Stages stages, InstantSource clock) {
        this.actions = stages.actions();
        this.admission = stages.admission();
        this.making = stages.making();
        this.signer = stages.signer();
        this.hosts = stages.sending().hosts();
        this.sender = stages.sending().sender();
        this.classifier = stages.sending().classifier();
        this.story = stages.sending().story();
        this.people = stages.ending().people();
        this.settling = stages.ending().settling();
        this.pauses = stages.ending().pauses();
        this.traces = stages.ending().traces();
        this.clock = clock;
    }

    /** Delivers once; renders and signs on the subscribing thread. Answers how it was settled. */
    Mono<Settled> deliver(Flight flight) {
        return find(flight)
                .flatMap(this::admit)
                .flatMap(this::render)
                .map(this::sign)
                .flatMap(this::send)
                .map(this::classify)
                .flatMap(this::settle);
    }

    private Mono<Course.Looked> find(Flight flight) {
        return actions.find(flight);
    }

    private Mono<Course.Judged> admit(Course.Looked looked) {
        return switch (looked) {
            case Course.Found found -> admission.admit(found);
            case Course.Ended ended -> Mono.just(ended);
        };
    }

    private Mono<Course.Made> render(Course.Judged judged) {
        return switch (judged) {
            case Course.Admitted admitted -> making.make(admitted);
            case Course.Ended ended -> Mono.just(ended);
        };
    }

    private Course.Ready sign(Course.Made made) {
        return switch (made) {
            case Course.Rendered rendered -> new Course.Signed(rendered, signed(rendered));
            case Course.Ended ended -> ended;
        };
    }

    private Mono<Course.Tried> send(Course.Ready ready) {
        return switch (ready) {
            case Course.Signed signed ->
                people.isInDoubt(signed)
                        ? people.success(signed)
                                .<Course.Tried>map(ended -> ended)
                                .switchIfEmpty(Mono.defer(() -> send(signed)))
                        : send(signed);
            case Course.Ended ended -> Mono.just(ended);
        };
    }

    private Course.Decided classify(Course.Tried tried) {
        return switch (tried) {
            case Course.Replied replied -> classify(replied);
            case Course.Ended ended -> ended;
        };
    }

    /** What the answer sets on the person is a part of the settlement. */
    private Mono<Settled> settle(Course.Decided decided) {
        Instant settlingAt = clock.instant();
        return settleNow(decided).doOnNext(settled -> trace(decided, settled, settlingAt));
    }

    private Mono<Settled> settleNow(Course.Decided decided) {
        return switch (decided) {
            case Course.Halting halting ->
                pauses.pause(
                                halting.flight().lane(),
                                halting.sign().length(),
                                halting.sign().reason())
                        // A lane that could not be stopped is told again by the next answer.
                        .onErrorComplete()
                        .then(Mono.defer(() -> settleNow(halting.decided())));
            case Course.Setting setting -> people.settle(setting);
            case Course.Ended ended -> settling.settle(ended.flight().lease(), ended.outcome(), ended.request());
        };
    }

    private void trace(Course.Decided decided, Settled settled, Instant settlingAt) {
        if (settled != Settled.APPLIED) {
            return;
        }
        switch (decided) {
            case Course.Halting halting -> trace(halting.decided(), settled, settlingAt);
            case Course.Setting setting ->
                trace(setting.flight(), setting.outcome(), setting.rendered().request(), settlingAt);
            case Course.Ended ended -> trace(ended.flight(), ended.outcome(), ended.request(), settlingAt);
        }
    }

    private void trace(Flight flight, Outcome outcome, @Nullable RenderedRequest request, Instant settlingAt) {
        traces.ended(new Traces.Turn(flight.lease(), outcome, request, flight.takenAt(), settlingAt, clock.instant()));
    }

    /** As {@link InstantSource#instant}, of the clock that turns are told by. */
    Instant now() {
        return clock.instant();
    }

    private SignedRequest signed(Course.Rendered rendered) {
        Flight flight = rendered.flight();
        SignedRequest signed = signer.sign(
                flight.job().id(),
                flight.job().key(),
                rendered.request(),
                rendered.action().signatures());
        String trace = rendered.action().traced() ? traces.header(flight.lease()) : null;
        return trace == null ? signed : signed.with(new Header("traceparent", trace));
    }

    /** In one of the host's places and within its limit; else the lease is given back, at no cost to the job. */
    private Mono<Course.Tried> send(Course.Signed signed) {
        return hosts.enter(admission.wish(signed.rendered())).flatMap(entry -> send(signed, entry));
    }

    private Mono<Course.Tried> send(Course.Signed signed, HostLimits.Entry entry) {
        Flight flight = signed.flight();
        return switch (entry) {
            case HostLimits.Refused refused -> Mono.just(Course.Ended.without(flight, refused.outcome()));
            case HostLimits.Place place -> {
                flight.permit().occupies(place);
                yield send(signed, place);
            }
        };
    }

    private Mono<Course.Tried> send(Course.Signed signed, HostLimits.Place place) {
        Course.Rendered rendered = signed.rendered();
        Instant startedAt = clock.instant();
        Duration timeout = rendered.action().retry().timeout();
        return sender.send(
                        rendered.target(),
                        signed.request(),
                        new RequestSender.Terms(
                                timeout,
                                rendered.flight()
                                        .permit()
                                        .answersOf(rendered.target().hostKey()),
                                rendered.action().connection()))
                .map(reply -> new Course.Replied(rendered, place, startedAt, reply));
    }

    private Course.Decided classify(Course.Replied replied) {
        Course.Rendered rendered = replied.rendered();
        Lease lease = rendered.flight().lease();
        Action action = rendered.action();
        StopSign sign = StopSign.in(replied.reply());
        Outcome judged = story.told(
                classifier.classify(lease, action, rendered.request(), replied.startedAt(), replied.reply()),
                rendered.request(),
                replied.reply());
        replied.place().leave(judged);
        Course.Decided decided = decided(replied, sign.applied(action, judged));
        StopSign.Pause pause = sign.pause(action);
        return pause == null ? decided : new Course.Halting(decided, pause);
    }

    private static Course.Decided decided(Course.Replied replied, Outcome outcome) {
        Course.Rendered rendered = replied.rendered();
        Lease lease = rendered.flight().lease();
        Action action = rendered.action();
        boolean sets = !action.responseAttributes().isEmpty() && !lease.past().attributesSet() && !lease.resent();
        return sets && outcome instanceof Outcome.Delivered done && replied.reply() instanceof Reply.Answered answer
                ? new Course.Setting(rendered, done, answer)
                : new Course.Ended(rendered.flight(), outcome, rendered.request());
    }

    /**
     * Ends a delivery that met the same bug whenever it was tried: failed, with what was thrown as its reason.
     *
     * @param bug what came out of {@link #deliver}
     */
    Mono<Settled> giveUp(Flight flight, Throwable bug) {
        String said = "bug: " + bug;
        String reason = said.length() <= LONGEST_REASON ? said : said.substring(0, LONGEST_REASON);
        return settling.settle(flight.lease(), new Outcome.Failed(null, reason, null), null);
    }

    /** As {@link HostLimits#silent}. */
    int silent() {
        return hosts.places().silent();
    }

    /** What became of all claims so far. */
    Demand.Seen seen(int taken) {
        return new Demand.Seen(taken, hosts.places().refusals(), hosts.places().answers(), sender.loopDelay());
    }

    /** As {@link HostGate#terms}. */
    ClaimTerms terms() {
        return hosts.terms();
    }

    /** From now on leases that are not sent yet are given back. */
    void stopSending() {
        admission.refuse();
    }

    /** Ends the attempts in flight without their answers. */
    void abandonSending() {
        sender.abandon();
    }
}
