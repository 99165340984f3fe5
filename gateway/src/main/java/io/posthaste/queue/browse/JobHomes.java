package io.posthaste.queue.browse;

import io.lettuce.core.RedisException;
import io.posthaste.queue.browse.Deliveries.NewJob;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.layout.Layout;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.redis.layout.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Which shard new jobs go to: where their id belongs, or their order. After the layout changed, one whose id is known where
 * it belonged before goes there again, and is dropped.
 */
final class JobHomes {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /** 20 s: longer than a gateway that was killed holds up a change. */
    private static final int MOST_LOOKS = 400;

    private static final int AT_ONCE = 16;

    private final RedisLink link;
    private final Layouts layouts;
    private final LuaScript known = LuaScript.load("queue/known.lua");

    JobHomes(RedisLink link, Layouts layouts) {
        this.link = link;
        this.layouts = layouts;
    }

    /** Jobs with an order are not to be written now. */
    private static final class Held extends RuntimeException {
        private static final long serialVersionUID = 1;

        Held() {
            super("jobs with an order wait until the number of shards has changed", null, false, false);
        }
    }

    /** Enqueues the jobs of each shard together. */
    Mono<Void> enqueue(List<NewJob> jobs, BiFunction<RedisKeys, List<NewJob>, Mono<Void>> onShard) {
        return layouts.using(layout -> shards(layout, jobs)
                        .flatMapIterable(Map::entrySet)
                        .flatMap(entry -> onShard.apply(entry.getKey(), entry.getValue()), AT_ONCE)
                        .then())
                .retryWhen(Retry.fixedDelay(MOST_LOOKS, LOOK_AGAIN)
                        .filter(Held.class::isInstance)
                        .onRetryExhaustedThrow((spec, signal) -> new RedisException(
                                String.valueOf(signal.failure().getMessage()))));
    }

    private Mono<Map<RedisKeys, List<NewJob>>> shards(Layout layout, List<NewJob> jobs) {
        if (layout.phase() == Phase.HOLDING && jobs.stream().anyMatch(JobHomes::isOrdered)) {
            return Mono.error(new Held());
        }
        List<NewJob> doubtful = layout.now().equals(layout.from())
                ? List.of()
                : jobs.stream().filter(job -> layout.changes(job.shardKey())).toList();
        return staying(layout, doubtful)
                .map(staying -> jobs.stream()
                        .collect(Collectors.groupingBy(
                                job -> (staying.contains(job) ? layout.from() : layout.now()).at(job.shardKey()),
                                LinkedHashMap::new,
                                Collectors.toList())));
    }

    private static boolean isOrdered(NewJob job) {
        return job.handling().order() != null;
    }

    /** Those that are to go where they belonged before. */
    private Mono<Set<NewJob>> staying(Layout layout, List<NewJob> doubtful) {
        Map<RedisKeys, List<NewJob>> before = doubtful.stream()
                .collect(Collectors.groupingBy(job -> layout.from().at(job.shardKey())));
        return Flux.fromIterable(before.entrySet())
                .flatMap(entry -> ask(layout, entry.getKey(), entry.getValue()), AT_ONCE)
                .collect(() -> Collections.newSetFromMap(new IdentityHashMap<>()), Set::addAll);
    }

    private Mono<List<NewJob>> ask(Layout layout, RedisKeys shard, List<NewJob> jobs) {
        List<byte[]> ids = jobs.stream().map(job -> Bytes.of(job.id())).toList();
        return Mono.fromCompletionStage(() -> known.run(link, Bytes.of(shard.prefix()), ids))
                .map(reply -> known(layout, jobs, (Object[]) reply));
    }

    /** While jobs that were written before the change are not taken in yet, nobody knows their ids: others go there, too. */
    private static List<NewJob> known(Layout layout, List<NewJob> jobs, @Nullable Object[] reply) {
        boolean behind = Long.valueOf(1).equals(reply[0]) && layout.phase() == Phase.MOVING;
        List<NewJob> known = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            if (Long.valueOf(1).equals(reply[i + 1]) || (behind && !isOrdered(jobs.get(i)))) {
                known.add(jobs.get(i));
            }
        }
        return known;
    }
}
