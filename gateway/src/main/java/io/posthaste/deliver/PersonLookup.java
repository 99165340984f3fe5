package io.posthaste.deliver;

import io.posthaste.job.Person;
import io.posthaste.store.StoreOutage;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** People as they are stored now: never remembered, because deliveries change them. */
public final class PersonLookup {
    private final Function<String, Mono<Person>> people;
    private final Scheduler workers;

    /**
     * @param people as they are stored; {@link Person#unknown} when nothing is
     * @param workers where the turn goes on after Redis was asked: its connection's thread must not render
     */
    public PersonLookup(Function<String, Mono<Person>> people, Scheduler workers) {
        this.people = people;
        this.workers = workers;
    }

    /** {@link Person#unknown} when nothing is stored. Fails with {@link StoreOutage} when Redis does not answer. */
    Mono<Person> find(String id) {
        return people.apply(id).publishOn(workers);
    }
}
