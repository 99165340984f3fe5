package io.posthaste.deliver;

import io.posthaste.action.Action;
import io.posthaste.job.InlineRequest;
import io.posthaste.job.Job;
import io.posthaste.store.ActionCodec;
import io.posthaste.store.Actions;
import io.posthaste.store.DamagedRecord;
import io.posthaste.store.InvalidAction;
import io.posthaste.store.MalformedJson;
import java.util.Optional;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The action of a job: stored, usually at hand in memory, or carried by the job itself. */
public final class ActionLookup {
    private final Actions actions;
    private final ActionCodec codec;
    private final Predicate<Job> trusted;
    private final Scheduler workers;

    /**
     * @param trusted whether the inline action of a job may use secrets and is signed
     * @param workers where the turn goes on after Redis was asked: its connection's thread must not render
     */
    public ActionLookup(Actions actions, ActionCodec codec, Predicate<Job> trusted, Scheduler workers) {
        this.actions = actions;
        this.codec = codec;
        this.trusted = trusted;
        this.workers = workers;
    }

    /** What was found. */
    sealed interface Found {}

    record Usable(Action action) implements Found {}

    /** @param reason one line for people */
    record Unusable(String reason) implements Found {}

    /** Fails when Redis must be asked and does not answer. */
    Mono<Found> find(Job job) {
        return job.action() == null ? Mono.fromSupplier(() -> inline(job)) : stored(job.action());
    }

    private Mono<Found> stored(String id) {
        Optional<Action> cached = actions.cached(id);
        if (cached.isPresent()) {
            return Mono.just(new Usable(cached.get()));
        }
        return actions.find(id)
                .<Found>map(Usable::new)
                .defaultIfEmpty(new Unusable("unknown action"))
                .onErrorResume(InvalidAction.class, e -> Mono.just(unusable(e)))
                .onErrorResume(MalformedJson.class, e -> Mono.just(unusable(e)))
                .onErrorResume(DamagedRecord.class, e -> Mono.just(unusable(e)))
                .publishOn(workers);
    }

    private Found inline(Job job) {
        InlineRequest request = job.request();
        if (request == null) {
            return new Unusable("neither action nor request");
        }
        try {
            return new Usable(
                    trusted.test(job)
                            ? codec.inline(job.lane(), request.definition())
                            : codec.inlineWithoutSecrets(job.lane(), request.definition()));
        } catch (InvalidAction | MalformedJson e) {
            return unusable(e);
        }
    }

    private static Found unusable(Exception problem) {
        return new Unusable("action cannot be used: " + problem.getMessage());
    }
}
