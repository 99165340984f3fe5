package io.posthaste.queue.browse;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Forgets all deliveries for one person: those that live are cancelled, and of those that ended nothing is left but counts.
 * Reads everything there is, so it takes its time.
 */
public final class Erasure {
    private final List<ShardErasure> shards;

    public Erasure(List<ShardErasure> shards) {
        this.shards = new CopyOnWriteArrayList<>(shards);
    }

    /** One more shard. */
    public void add(ShardErasure shard) {
        shards.add(shard);
    }

    /**
     * What was found and removed.
     *
     * @param cancelled deliveries that lived
     * @param records of ended deliveries
     * @param requests that were kept beside those
     * @param results entries that told what was set on the person
     * @param reports entries for reporting webhooks that had not heard them yet
     * @param quarantined entries that could be no job
     * @param underWay deliveries in flight, whose records come when they are answered: to be asked for again
     */
    public record Erased(
            long cancelled, long records, long requests, long results, long reports, long quarantined, long underWay) {
        static final Erased NOTHING = new Erased(0, 0, 0, 0, 0, 0, 0);

        Erased and(Erased more) {
            return new Erased(
                    cancelled + more.cancelled,
                    records + more.records,
                    requests + more.requests,
                    results + more.results,
                    reports + more.reports,
                    quarantined + more.quarantined,
                    underWay + more.underWay);
        }
    }

    /** Whoever dies half-way has removed a part; asked for again, the rest goes. */
    public Mono<Erased> erase(String customer) {
        return Flux.fromIterable(shards)
                .concatMap(shard -> shard.erase(customer), 1)
                .reduce(Erased.NOTHING, Erased::and);
    }
}
