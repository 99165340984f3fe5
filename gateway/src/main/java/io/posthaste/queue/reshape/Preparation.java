package io.posthaste.queue.reshape;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.action.Action;
import io.posthaste.queue.ScriptRunner;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.TreeOutput;
import io.posthaste.redis.layout.Layout;
import io.posthaste.store.action.ActionStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What lanes are told is told to new shards, too: limits, of which each shard has another share now, and pauses. */
final class Preparation {
    private static final int PAGE = 100;

    /** What is changed while it is told is told again, so many times. */
    private static final int TIMES = 3;

    private final RedisConnections redis;
    private final ActionStore actions;
    private final Deliveries deliveries;
    private final int laneMaxInFlight;
    private final LuaScript adopt = LuaScript.load("queue/adopt.lua");

    /** @param deliveries on all shards of both layouts by then */
    Preparation(RedisConnections redis, ActionStore actions, Deliveries deliveries, int laneMaxInFlight) {
        this.redis = redis;
        this.actions = actions;
        this.deliveries = deliveries;
        this.laneMaxInFlight = laneMaxInFlight;
    }

    /** May be repeated. */
    Mono<Void> prepare(Layout layout) {
        RedisKeys first = layout.from().all().getFirst();
        return limits().then(lanes(first))
                .flatMap(before -> Flux.fromIterable(layout.to().all())
                        .filter(shard -> !layout.from().all().contains(shard))
                        .concatMap(shard -> adopt(shard, before))
                        .then(lanes(first))
                        .flatMap(after -> resume(before, after)));
    }

    private Mono<Void> limits() {
        return actions.list(null, PAGE)
                .expand(page -> page.cursor() == null ? Mono.empty() : actions.list(page.cursor(), PAGE))
                .concatMapIterable(ActionStore.Page::actions, 1)
                .concatMap(action -> limits(action, TIMES), 1)
                .then();
    }

    private Mono<Void> limits(Action action, int times) {
        return deliveries
                .setLaneLimits(action.id(), action.limits(), action.retry().timeout(), action.onFailure())
                .then(actions.find(action.id()))
                .filter(now -> now.version() != action.version() && times > 1)
                .flatMap(now -> limits(now, times - 1));
    }

    /** A lane: its limits as they stand in Redis, and why it is paused. */
    private record Lane(String limits, String note) {
        boolean isPaused() {
            String[] fields = limits.split(",", -1);
            return fields.length > 2 && !fields[2].isEmpty();
        }
    }

    private Mono<Map<String, Lane>> lanes(RedisKeys shard) {
        return hash(shard.laneLimits()).zipWith(hash(shard.laneNotes()), (limits, notes) -> {
            Map<String, Lane> lanes = new HashMap<>();
            limits.forEach((name, text) -> lanes.put(name, new Lane(text, notes.getOrDefault(name, ""))));
            return lanes;
        });
    }

    private Mono<Map<String, String>> hash(String key) {
        return Mono.fromCompletionStage(() -> redis.admin().send(CommandType.HGETALL, key))
                .map(TreeOutput::texts);
    }

    private Mono<Void> adopt(RedisKeys shard, Map<String, Lane> lanes) {
        ScriptRunner runner = new ScriptRunner(redis.admin(), Bytes.of(shard.prefix()), laneMaxInFlight);
        return Flux.fromIterable(lanes.entrySet())
                .buffer(PAGE)
                .concatMap(some -> runner.run(adopt, arguments(some)))
                .then();
    }

    private static List<String> arguments(List<Map.Entry<String, Lane>> lanes) {
        List<String> arguments = new ArrayList<>();
        lanes.forEach(lane -> arguments.addAll(
                List.of(lane.getKey(), lane.getValue().limits(), lane.getValue().note())));
        return arguments;
    }

    /** Those that somebody resumed everywhere while they were paused on the new shards. */
    private Mono<Void> resume(Map<String, Lane> before, Map<String, Lane> after) {
        return Flux.fromIterable(before.entrySet())
                .filter(lane -> lane.getValue().isPaused())
                .map(Map.Entry::getKey)
                .filter(name -> !after.getOrDefault(name, new Lane("", "")).isPaused())
                .concatMap(deliveries::resume)
                .then();
    }
}
