package io.posthaste.deliver;

import io.posthaste.action.Action;
import io.posthaste.job.InlineRequest;
import io.posthaste.job.Job;
import io.posthaste.json.MalformedJson;
import io.posthaste.store.DamagedRecord;
import io.posthaste.store.StoreOutage;
import io.posthaste.store.action.ActionCodec;
import io.posthaste.store.action.InvalidAction;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The action of a job: stored, usually at hand in memory, or carried by the job itself. */
public final class ActionLookup {
    private final Function<String, Optional<Action>> atHand;
    private final Function<String, Mono<Action>> stored;
    private final ActionCodec codec;
    private final Predicate<Job> trusted;
    private final Scheduler workers;

    /**
     * @param atHand the stored action of this id, if it is in memory
     * @param stored the same from Redis if need be; empty when there is none, and fails with {@link InvalidAction} or
     *     {@link MalformedJson} when it cannot be used, with {@link StoreOutage} when nobody knows
     * @param trusted whether the inline action of a job may use secrets and is signed
     * @param workers where the turn goes on after Redis was asked: its connection's thread must not render
     */
    public ActionLookup(
            Function<String, Optional<Action>> atHand,
            Function<String, Mono<Action>> stored,
            ActionCodec codec,
            Predicate<Job> trusted,
            Scheduler workers) {
        this.atHand = atHand;
        this.stored = stored;
        this.codec = codec;
        this.trusted = trusted;
        this.workers = workers;
    }

    /** Given back when Redis must be asked and does not answer. */
    Mono<Course.Looked> find(Flight flight) {
        String id = flight.job().action();
        return id == null ? Mono.fromSupplier(() -> inline(flight)) : stored(id, flight);
    }

    private Mono<Course.Looked> stored(String id, Flight flight) {
        Optional<Action> cached = atHand.apply(id);
        if (cached.isPresent()) {
            return Mono.just(new Course.Found(flight, cached.get()));
        }
        return stored.apply(id)
                .<Course.Looked>map(action -> new Course.Found(flight, action))
                .defaultIfEmpty(Course.Ended.failed(flight, "unknown action"))
                .onErrorResume(InvalidAction.class, e -> Mono.just(unusable(flight, e)))
                .onErrorResume(MalformedJson.class, e -> Mono.just(unusable(flight, e)))
                .onErrorResume(DamagedRecord.class, e -> Mono.just(unusable(flight, e)))
                .onErrorResume(StoreOutage.class, e -> Mono.just(Course.Ended.later(flight)))
                .publishOn(workers);
    }

    private Course.Looked inline(Flight flight) {
        Job job = flight.job();
        InlineRequest request = job.request();
        if (request == null) {
            return Course.Ended.failed(flight, "neither action nor request");
        }
        try {
            Action action = trusted.test(job)
                    ? codec.inline(job.lane(), request.definition())
                    : codec.inlineWithoutSecrets(job.lane(), request.definition());
            return new Course.Found(flight, action);
        } catch (InvalidAction | MalformedJson e) {
            return unusable(flight, e);
        }
    }

    private static Course.Looked unusable(Flight flight, Exception problem) {
        return Course.Ended.failed(flight, "action cannot be used: " + problem.getMessage());
    }
}
