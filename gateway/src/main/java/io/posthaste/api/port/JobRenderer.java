package io.posthaste.api.port;

import io.posthaste.action.Action;
import io.posthaste.job.Job;
import io.posthaste.render.Rendering;
import io.posthaste.render.RequestRenderer;
import io.posthaste.store.person.PersonStore;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Renders as deliveries are rendered, for those who only want to look: a person whom the data name is read from the store. */
@FunctionalInterface
public interface JobRenderer {
    Mono<Rendering> render(Action action, Job job);

    /** @param workers where deliveries are rendered too (TPL-11): neither Redis' thread nor the server's may */
    static JobRenderer of(RequestRenderer renderer, PersonStore people, Scheduler workers) {
        return (action, job) -> Mono.fromSupplier(() -> renderer.render(action, job))
                .subscribeOn(workers)
                .flatMap(rendering -> rendering instanceof Rendering.NeedsPerson needs
                        ? people.current(needs.id())
                                .publishOn(workers)
                                .map(person -> renderer.render(action, job, person))
                        : Mono.just(rendering));
    }
}
