package io.posthaste.deliver;

import io.posthaste.classify.ReplyClassifier;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.queue.Settled;
import io.posthaste.send.RequestSender;
import io.posthaste.sign.RequestSigner;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * One lease, end to end: {@code render -> sign -> send -> classify -> settle}. Start reading here.
 *
 * <p>Every ending is an {@link Outcome}. An exception is a bug or an outage of Redis: nothing is settled then, the lease
 * runs out and the job is claimed again, which is why receivers get an idempotency key.
 */
public final class DeliveryPipeline {
    /** In characters; what a bug says may carry all that a job did. */
    private static final int LONGEST_REASON = 200;

    private final Preparation preparation;
    private final HostLimits hosts;
    private final RequestSigner signer;
    private final RequestSender sender;
    private final ReplyClassifier classifier;
    private final PersonUpdates people;
    private final Settling settling;
    private final InstantSource clock;

    /** The stages, in the order in which a job meets them. */
    public record Stages(
            Preparation preparation,
            HostLimits hosts,
            RequestSigner signer,
            RequestSender sender,
            ReplyClassifier classifier,
            PersonUpdates people,
            Settling settling) {}

    public DeliveryPipeline(Stages stages, InstantSource clock) {
        this.preparation = stages.preparation();
        this.hosts = stages.hosts();
        this.signer = stages.signer();
        this.sender = stages.sender();
        this.classifier = stages.classifier();
        this.people = stages.people();
        this.settling = stages.settling();
        this.clock = clock;
    }

    /** Delivers once; renders and signs on the subscribing thread. Answers how it was settled. */
    public Mono<Settled> deliver(Lease lease) {
        return preparation
                .prepare(lease)
                .flatMap(prepared -> attempt(lease, prepared).flatMap(attempted -> settle(lease, prepared, attempted)));
    }

    /**
     * Ends a delivery that met the same bug whenever it was tried: failed, with what was thrown as its reason.
     *
     * @param bug what came out of {@link #deliver}
     */
    Mono<Settled> giveUp(Lease lease, Throwable bug) {
        String said = "bug: " + bug;
        String reason = said.length() <= LONGEST_REASON ? said : said.substring(0, LONGEST_REASON);
        Outcome failed = new Outcome.Failed(null, reason, null);
        return settling.settle(lease, new Prepared.Ended(failed), failed);
    }

    /** As {@link HostLimits#silent}. */
    int silent() {
        return hosts.silent();
    }

    /** What became of all claims so far. */
    Demand.Seen seen(int taken) {
        return new Demand.Seen(taken, hosts.refusals(), hosts.answers(), sender.loopDelay());
    }

    /** As {@link HostLimits#heldLanes}. */
    Map<String, Integer> heldLanes() {
        return hosts.heldLanes();
    }

    /** From now on leases that are not sent yet are given back. */
    void stopSending() {
        preparation.refuse();
    }

    /** Ends the attempts in flight without their answers. */
    void abandonSending() {
        sender.abandon();
    }

    private Mono<Attempted> attempt(Lease lease, Prepared prepared) {
        return switch (prepared) {
            case Prepared.Ready ready ->
                hosts.within(ready.target().hostKey(), lease.job().lane(), send(lease, ready));
            case Prepared.Ended ended -> Mono.just(new Attempted.Ended(ended.outcome()));
        };
    }

    private Mono<Attempted> send(Lease lease, Prepared.Ready ready) {
        return Mono.defer(() -> {
            Instant startedAt = clock.instant();
            return sender.send(
                            ready.target(),
                            sign(lease, ready),
                            ready.action().retry().timeout())
                    .map(reply -> classify(lease, ready, startedAt, reply));
        });
    }

    private SignedRequest sign(Lease lease, Prepared.Ready ready) {
        return signer.sign(
                lease.job().id(),
                lease.job().key(),
                ready.request(),
                ready.action().signatures());
    }

    private Attempted classify(Lease lease, Prepared.Ready ready, Instant startedAt, Reply reply) {
        Outcome outcome = classifier.classify(lease, ready.action(), ready.request(), startedAt, reply);
        boolean sets = !ready.action().responseAttributes().isEmpty() && !lease.attributesSet() && !lease.resent();
        return sets && outcome instanceof Outcome.Delivered done && reply instanceof Reply.Answered answer
                ? new Attempted.Answered(done, ready, answer)
                : new Attempted.Ended(outcome);
    }

    /** What the answer sets on the person is a part of the settlement. */
    private Mono<Settled> settle(Lease lease, Prepared prepared, Attempted attempted) {
        return switch (attempted) {
            case Attempted.Ended ended -> settling.settle(lease, prepared, ended.outcome());
            case Attempted.Answered answered -> people.settle(lease, answered);
        };
    }
}
