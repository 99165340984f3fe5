package io.posthaste.store;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.posthaste.action.Action;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Actions and their versions in Redis. Each write is one script: versions count without gaps, readers see all or nothing. */
public final class ActionStore {
    /** Older versions of an action are dropped. */
    public static final int VERSIONS_KEPT = 100;

    private static final Logger log = LoggerFactory.getLogger(ActionStore.class);

    /** Replies to one page are read side by side; commands pipeline, so this bounds memory, not round trips. */
    private static final int READS_AT_ONCE = 64;

    private final RedisClusterAsyncCommands<String, String> redis;
    private final ActionCodec codec;
    private final Script save;
    private final Script delete;

    /** @param cursor of the next page, null on the last */
    public record Page(List<Action> actions, @Nullable String cursor) {}

    public ActionStore(RedisClusterAsyncCommands<String, String> redis, ActionCodec codec) {
        this.redis = redis;
        this.codec = codec;
        this.save = new Script(redis, "save.lua", ScriptOutputType.VALUE);
        this.delete = new Script(redis, "delete.lua", ScriptOutputType.INTEGER);
    }

    /** Creates or replaces. Answers the action as stored, with the version and times that Redis gave it. */
    public Mono<Action> save(Action action) {
        String id = action.id();
        String definition = codec.write(action).toString();
        return save.<String>run(keys(id), id, definition, "" + VERSIONS_KEPT).map(stored -> codec.stored(id, stored));
    }

    /** Empty when there is none. {@link InvalidAction} when what is stored was not written by this class. */
    public Mono<Action> find(String id) {
        return Mono.fromCompletionStage(() -> redis.lindex(Keys.action(id), 0))
                .map(document -> codec.stored(id, document));
    }

    /** In the order of ids, after {@code cursor}, which is null for the first page. */
    public Mono<Page> list(@Nullable String cursor, int limit) {
        Range<String> after = Range.from(
                cursor == null ? Range.Boundary.unbounded() : Range.Boundary.excluding(cursor),
                Range.Boundary.unbounded());
        return Mono.fromCompletionStage(() -> redis.zrangebylex(Keys.INDEX, after, Limit.create(0, limit + 1L)))
                .flatMap(ids -> page(ids, limit));
    }

    private Mono<Page> page(List<String> ids, int limit) {
        List<String> shown = ids.subList(0, Math.min(limit, ids.size()));
        String next = ids.size() > limit ? shown.getLast() : null;
        return Flux.fromIterable(shown)
                .flatMapSequential(this::readable, READS_AT_ONCE)
                .collectList()
                .map(actions -> new Page(actions, next));
    }

    /** One unusable entry must not hide the others. */
    private Mono<Action> readable(String id) {
        return find(id).onErrorResume(this::isUnusable, broken -> Mono.empty());
    }

    private boolean isUnusable(Throwable failure) {
        boolean unusable = failure instanceof InvalidAction || failure instanceof MalformedJson;
        if (unusable) {
            log.atWarn().addKeyValue("problem", failure.getMessage()).log("action.unusable");
        }
        return unusable;
    }

    /** Newest first, at most {@link #VERSIONS_KEPT}; empty when there is no such action. */
    public Mono<List<Action>> versions(String id) {
        return Mono.fromCompletionStage(() -> redis.lrange(Keys.action(id), 0, -1))
                .map(documents ->
                        documents.stream().map(d -> codec.stored(id, d)).toList());
    }

    /** Removes the action with its versions. False when there was none. */
    public Mono<Boolean> delete(String id) {
        return delete.<Long>run(keys(id), id).map(deleted -> deleted == 1);
    }

    /** The number of the last change to any action, 0 before the first. */
    Mono<Long> lastChange() {
        return Mono.fromCompletionStage(() -> redis.get(Keys.CHANGE))
                .map(Long::valueOf)
                .defaultIfEmpty(0L);
    }

    /** Ids changed or deleted after the change numbered {@code change}. */
    Mono<List<String>> changedAfter(long change) {
        Range<Long> later = Range.from(Range.Boundary.excluding(change), Range.Boundary.unbounded());
        return Mono.fromCompletionStage(() -> redis.zrangebyscore(Keys.CHANGES, later));
    }

    private static List<String> keys(String id) {
        return List.of(Keys.action(id), Keys.INDEX, Keys.CHANGES, Keys.CHANGE);
    }
}
