package io.posthaste.api.port;

import io.posthaste.action.Action;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Job;
import io.posthaste.job.Reply;
import io.posthaste.render.AttributeRenderer;
import io.posthaste.store.person.PersonStore;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What an answer would set on the person whom the data name, by attribute; nothing is set (M87). */
@FunctionalInterface
public interface AnswerRenderer {
    Mono<Map<String, AttributeUpdate>> render(Action action, Job job, Reply.Answered reply);

    /** @param workers where deliveries are rendered too */
    static AnswerRenderer of(AttributeRenderer renderer, PersonStore people, Scheduler workers) {
        return (action, job, reply) -> Mono.justOrEmpty(renderer.personOf(job))
                .flatMap(people::current)
                .singleOptional()
                .publishOn(workers)
                .map(person -> renderer.renderEach(action, job, person.orElse(null), reply));
    }
}
