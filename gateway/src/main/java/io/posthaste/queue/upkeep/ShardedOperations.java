package io.posthaste.queue.upkeep;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Operations over all shards of a keyspace: under one id each shard has its share of one. */
public final class ShardedOperations implements Operations {
    private static final int LISTED = 100;

    private final List<RedisOperations> parts;

    public ShardedOperations(List<RedisOperations> parts) {
        this.parts = new CopyOnWriteArrayList<>(parts);
    }

    /** One more shard, behind the others. */
    public void add(RedisOperations part) {
        parts.add(part);
    }

    @Override
    public Mono<Long> count(Selection selection) {
        return counts(selection)
                .map(counts -> counts.stream().mapToLong(Long::longValue).sum())
                .map(sum -> Math.min(sum, selection.most()));
    }

    private Mono<List<Long>> counts(Selection selection) {
        return Flux.fromIterable(parts).concatMap(part -> part.count(selection)).collectList();
    }

    /** Where something matches; on the first shard when nothing does, so that there is an operation to look at. */
    @Override
    public Mono<Operation> start(String id, Selection selection) {
        return counts(selection)
                .flatMapIterable(counts -> shares(selection, counts))
                .concatMap(share -> parts.get(share.shard()).start(id, share.selection(), share.matched()))
                .collectList()
                .flatMap(started -> started.isEmpty() ? Mono.empty() : Mono.just(joined(started)));
    }

    private record Share(int shard, Selection selection, long matched) {}

    private static List<Share> shares(Selection selection, List<Long> counts) {
        int working =
                (int) Math.max(1, counts.stream().filter(count -> count > 0).count());
        int perSecond = Math.max(1, selection.perSecond() / working);
        List<Share> shares = new ArrayList<>();
        long left = selection.most();
        for (int shard = 0; shard < counts.size() && left > 0; shard++) {
            long most = Math.min(left, counts.get(shard));
            if (most > 0) {
                shares.add(new Share(shard, selection.share(perSecond, (int) most), most));
                left -= most;
            }
        }
        return shares.isEmpty() ? List.of(new Share(0, selection, 0)) : shares;
    }

    @Override
    public Mono<Void> cancelRetries(String id, String action, String reason) {
        return Flux.fromIterable(parts)
                .concatMap(part -> part.cancelRetries(id, action, reason))
                .then();
    }

    @Override
    public Mono<Operation> find(String id) {
        return Flux.fromIterable(parts).concatMap(part -> part.find(id)).reduce(ShardedOperations::join);
    }

    @Override
    public Mono<List<Operation>> list() {
        return Flux.fromIterable(parts)
                .concatMap(RedisOperations::list)
                .flatMapIterable(operations -> operations)
                .collect(LinkedHashMap<String, Operation>::new, ShardedOperations::add)
                .map(Map::values)
                .map(ShardedOperations::newest);
    }

    private static void add(Map<String, Operation> byId, Operation operation) {
        byId.merge(operation.id(), operation, ShardedOperations::join);
    }

    private static List<Operation> newest(Collection<Operation> operations) {
        return operations.stream()
                .sorted(Comparator.comparingLong(Operation::createdAtMillis).reversed())
                .limit(LISTED)
                .toList();
    }

    @Override
    public Mono<Boolean> cancel(String id) {
        return Flux.fromIterable(parts).concatMap(part -> part.cancel(id)).reduce(false, Boolean::logicalOr);
    }

    private static Operation joined(List<Operation> shares) {
        return shares.stream().reduce(ShardedOperations::join).orElseThrow();
    }

    /** It runs while one share of it does. */
    private static Operation join(Operation one, Operation other) {
        Operation.Progress some = one.progress();
        Operation.Progress more = other.progress();
        boolean uncounted = some.matched() < 0 || more.matched() < 0;
        return new Operation(
                one.id(),
                one.scope(),
                one.state().equals("running") || other.state().equals(one.state()) ? one.state() : other.state(),
                new Operation.Progress(
                        uncounted ? -1 : some.matched() + more.matched(),
                        some.done() + more.done(),
                        some.perSecond() + more.perSecond()),
                Math.min(one.createdAtMillis(), other.createdAtMillis()),
                Math.max(one.updatedAtMillis(), other.updatedAtMillis()));
    }
}
