package io.posthaste.boot;

import io.posthaste.deliver.RemotePeople;
import io.posthaste.job.AppliedUpdate;
import io.posthaste.job.Applying;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import io.posthaste.store.StoreOutage;
import io.posthaste.store.person.AppliedUpdates;
import reactor.core.publisher.Mono;

/** The people of several shards, as deliveries see them. */
record PeopleOnShards(AppliedUpdates updates) implements RemotePeople {
    @Override
    public boolean isRemote(Lease lease, String person) {
        return updates.isRemote(lease, person);
    }

    @Override
    public <T> Mono<T> during(Mono<T> update) {
        return updates.during(update);
    }

    @Override
    public Mono<Applying> apply(Lease lease, Person person, AppliedUpdate what) {
        return updates.apply(lease, person, what).onErrorMap(StoreOutage::of);
    }

    @Override
    public Mono<AppliedUpdate> applied(Lease lease, String person) {
        return updates.find(lease, person).onErrorMap(StoreOutage::of);
    }

    @Override
    public Mono<Void> forget(Lease lease, String person, boolean alone) {
        return updates.forget(lease, person, alone);
    }
}
