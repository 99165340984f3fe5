package io.posthaste.admin;

import io.posthaste.action.Action;
import io.posthaste.job.Job;
import io.posthaste.job.Person;
import io.posthaste.render.Rendering;
import io.posthaste.render.RequestRenderer;
import io.posthaste.store.PersonStore;
import reactor.core.publisher.Mono;

/** Renders as deliveries are rendered, for those who only want to look: a person whom the data name is read from the store. */
@FunctionalInterface
public interface JobRenderer {
    Mono<Rendering> render(Action action, Job job);

    static JobRenderer of(RequestRenderer renderer, PersonStore people) {
        return (action, job) -> {
            Rendering rendering = renderer.render(action, job);
            return rendering instanceof Rendering.NeedsPerson needs
                    ? people.find(needs.id())
                            .defaultIfEmpty(Person.unknown(needs.id()))
                            .map(person -> renderer.render(action, job, person))
                    : Mono.just(rendering);
        };
    }
}
