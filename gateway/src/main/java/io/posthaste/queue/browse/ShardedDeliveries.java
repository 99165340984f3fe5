package io.posthaste.queue.browse;

import io.posthaste.action.Action;
import io.posthaste.action.LaneLimits;
import io.posthaste.job.Delivery;
import io.posthaste.job.Job;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.layout.Layouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What people do with deliveries, over all shards of a keyspace. What has an id is looked for on its own shard first, and
 * then on the others: producers may write a job to any. What is asked of all is asked of so many at a time.
 */
public final class ShardedDeliveries implements Deliveries {
    private static final int AT_ONCE = 16;

    private final Layouts layouts;
    private final JobHomes homes;
    private volatile List<RedisDeliveries> parts;

    /** @param parts of the shards, in their order */
    public ShardedDeliveries(RedisConnections redis, Layouts layouts, List<RedisDeliveries> parts) {
        this.layouts = layouts;
        this.homes = new JobHomes(redis.foreground(), layouts);
        this.parts = List.copyOf(parts);
    }

    /** One more shard, behind the others. */
    public synchronized void add(RedisDeliveries part) {
        parts = Stream.concat(parts.stream(), Stream.of(part)).toList();
    }

    /** What it had before keeps its name in cursors. */
    private DeliveryList list() {
        List<RedisDeliveries> all = parts;
        return new DeliveryList(
                IntStream.range(0, all.size())
                        .boxed()
                        .flatMap(index -> all.get(index).sources("" + index).stream())
                        .toList(),
                System::nanoTime);
    }

    @Override
    public Mono<Void> enqueue(List<NewJob> jobs) {
        return homes.enqueue(jobs, (shard, some) -> part(shard).enqueue(some));
    }

    @Override
    public Mono<Void> enqueueDurably(List<NewJob> jobs) {
        return homes.enqueue(jobs, (shard, some) -> part(shard).enqueueDurably(some));
    }

    private RedisDeliveries part(RedisKeys shard) {
        return parts.stream()
                .filter(part -> part.keys().equals(shard))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("shard " + shard.tag() + " is not served here"));
    }

    @Override
    public Mono<Delivery> find(String id) {
        return first(id, part -> part.find(id), delivery -> true);
    }

    @Override
    public Mono<Resend> resend(String id) {
        return first(id, part -> part.resend(id), resend -> resend != Resend.UNKNOWN)
                .defaultIfEmpty(Resend.UNKNOWN);
    }

    @Override
    public Mono<NewJob> renew(String id, String newId) {
        return first(id, part -> part.renew(id, newId), renewed -> true);
    }

    @Override
    public Mono<Job> job(String id) {
        return first(id, part -> part.job(id), job -> true);
    }

    @Override
    public Mono<Job> draft(String id) {
        return first(id, part -> part.draft(id), draft -> true);
    }

    @Override
    public Mono<Boolean> cancel(String id) {
        return first(id, part -> part.cancel(id), ended -> ended).defaultIfEmpty(false);
    }

    /** The first answer that will do, of the id's own shard and then of the others. */
    private <T> Mono<T> first(String id, Function<RedisDeliveries, Mono<T>> ask, Predicate<T> isIt) {
        RedisDeliveries own = part(layouts.now().now().at(id));
        List<RedisDeliveries> order = new ArrayList<>(parts);
        order.remove(own);
        order.addFirst(own);
        return Flux.fromIterable(order).concatMap(ask, 1).filter(isIt).next();
    }

    @Override
    public Mono<Page> list(Query query) {
        return list().page(query);
    }

    @Override
    public Mono<Integer> discardDrafts(List<String> ids) {
        return sum(part -> part.discardDrafts(ids));
    }

    @Override
    public Mono<Integer> redrive(List<String> ids) {
        return sum(part -> part.redrive(ids));
    }

    @Override
    public Mono<Integer> sendDrafts(List<String> ids) {
        return sum(part -> part.sendDrafts(ids));
    }

    private Mono<Integer> sum(Function<RedisDeliveries, Mono<Integer>> act) {
        return Flux.fromIterable(parts).flatMap(act, AT_ONCE).reduce(0, Integer::sum);
    }

    /** Each shard has its share of a limit, and one at least: what is left of a job by its id falls evenly. */
    @Override
    public Mono<Void> setLaneLimits(
            String lane, LaneLimits limits, @Nullable Duration longestAttempt, Action.OnFailure onFailure) {
        LaneLimits share = limits.sharedBy(parts.size());
        return onAll(part -> part.setLaneLimits(lane, share, longestAttempt, onFailure));
    }

    @Override
    public Mono<Void> pause(String lane, @Nullable Duration length, String reason) {
        return onAll(part -> part.pause(lane, length, reason));
    }

    @Override
    public Mono<Void> resume(String lane) {
        return onAll(part -> part.resume(lane));
    }

    private Mono<Void> onAll(Function<RedisDeliveries, Mono<Void>> act) {
        return Flux.fromIterable(parts).flatMap(act, AT_ONCE).then();
    }

    @Override
    public Mono<Depth> depth() {
        return Flux.fromIterable(parts).flatMap(RedisDeliveries::depth, AT_ONCE).reduce(ShardedDepth::join);
    }

    @Override
    public Mono<Schedule> schedule(List<String> lanes, Duration step, int steps) {
        return Flux.fromIterable(parts)
                .flatMap(part -> part.schedule(lanes, step, steps), AT_ONCE)
                .reduce(ScheduleReply::join);
    }

    @Override
    public Mono<List<Quarantined>> quarantine(@Nullable String cursor, int limit) {
        return new ShardedQuarantine(parts).page(cursor, limit);
    }

    @Override
    public Mono<Boolean> dropQuarantined(String cursor) {
        return new ShardedQuarantine(parts).drop(cursor);
    }
}
