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
import reactor.core.publisher.Mono;

/**
 * One lease, end to end: {@code render -> sign -> send -> classify -> settle}. Start reading here.
 *
 * <p>Every ending is an {@link Outcome}. An exception is a bug or an outage of Redis: nothing is settled then, the lease
 * runs out and the job is claimed again, which is why receivers get an idempotency key.
 */
public final class DeliveryPipeline {
    private final Preparation preparation;
    private final HostLimits hosts;
    private final RequestSigner signer;
    private final RequestSender sender;
    private final ReplyClassifier classifier;
    private final Settling settling;
    private final InstantSource clock;

    /** The stages, in the order in which a job meets them. */
    public record Stages(
            Preparation preparation,
            HostLimits hosts,
            RequestSigner signer,
            RequestSender sender,
            ReplyClassifier classifier,
            Settling settling) {}

    public DeliveryPipeline(Stages stages, InstantSource clock) {
        this.preparation = stages.preparation();
        this.hosts = stages.hosts();
        this.signer = stages.signer();
        this.sender = stages.sender();
        this.classifier = stages.classifier();
        this.settling = stages.settling();
        this.clock = clock;
    }

    /** Delivers once; renders and signs on the subscribing thread. Answers how it was settled. */
    public Mono<Settled> deliver(Lease lease) {
        return preparation
                .prepare(lease)
                .flatMap(prepared ->
                        attempt(lease, prepared).flatMap(outcome -> settling.settle(lease, prepared, outcome)));
    }

    /** From now on leases that are not sent yet are given back. */
    void stopSending() {
        preparation.refuse();
    }

    /** Ends the attempts in flight without their answers. */
    void abandonSending() {
        sender.abandon();
    }

    private Mono<Outcome> attempt(Lease lease, Prepared prepared) {
        return switch (prepared) {
            case Prepared.Ready ready -> hosts.within(ready.target().hostKey(), send(lease, ready));
            case Prepared.Ended ended -> Mono.just(ended.outcome());
        };
    }

    private Mono<Outcome> send(Lease lease, Prepared.Ready ready) {
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

    private Outcome classify(Lease lease, Prepared.Ready ready, Instant startedAt, Reply reply) {
        return classifier.classify(lease, ready.action(), ready.request(), startedAt, reply);
    }
}
