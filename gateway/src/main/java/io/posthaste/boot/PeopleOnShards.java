package io.posthaste.boot;

import io.posthaste.deliver.RemotePeople;
import io.posthaste.job.Attempt;
import io.posthaste.job.Lease;
import io.posthaste.job.Person;
import io.posthaste.store.StoreOutage;
import io.posthaste.store.person.AppliedUpdates;
import java.nio.ByteBuffer;
import reactor.core.publisher.Mono;

/** Keeps with a mark what is needed to settle its delivery: the attempt in figures, and what was set. */
record PeopleOnShards(AppliedUpdates updates) implements RemotePeople {
    private static final int FIGURES = Integer.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;

    @Override
    public boolean isRemote(Lease lease, String person) {
        return updates.isRemote(lease, person);
    }

    @Override
    public Mono<Applied> apply(Lease lease, Person person, Applied what) {
        return updates.apply(lease, person, encode(what))
                .map(PeopleOnShards::decode)
                .onErrorMap(StoreOutage::of);
    }

    @Override
    public Mono<Applied> applied(Lease lease, String person) {
        return updates.find(lease, person).map(PeopleOnShards::decode).onErrorMap(StoreOutage::of);
    }

    @Override
    public Mono<Void> forget(Lease lease, String person) {
        return updates.forget(lease, person);
    }

    private static byte[] encode(Applied what) {
        Attempt attempt = what.attempt();
        return ByteBuffer.allocate(FIGURES + what.set().length)
                .putInt(attempt.number())
                .putLong(attempt.startedAtMillis())
                .putInt(attempt.status())
                .putLong(attempt.elapsedMillis())
                .put(what.set())
                .array();
    }

    private static Applied decode(byte[] mark) {
        ByteBuffer in = ByteBuffer.wrap(mark);
        Attempt attempt = new Attempt(in.getInt(), in.getLong(), in.getInt(), in.getLong(), "", "");
        byte[] set = new byte[in.remaining()];
        in.get(set);
        return new Applied(attempt, set);
    }
}
