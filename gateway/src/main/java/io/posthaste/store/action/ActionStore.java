package io.posthaste.store.action;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.action.Action;
import io.posthaste.json.MalformedJson;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisLink;
import io.posthaste.store.DamagedRecord;
import io.posthaste.store.Keys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
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

    private final RedisLink redis;
    private final ActionCodec codec;
    private final LuaScript save = LuaScript.load("store/save.lua");
    private final LuaScript delete = LuaScript.load("store/delete.lua");

    /** @param cursor of the next page, null on the last */
    public record Page(List<Action> actions, @Nullable String cursor) {}

    public ActionStore(RedisLink redis, ActionCodec codec) {
        this.redis = redis;
        this.codec = codec;
    }

    /** Creates or replaces. Answers the action as stored, with the version and times that Redis gave it. */
    public Mono<Action> save(Action action) {
        String id = action.id();
        String definition = codec.write(action).toString();
        return run(save, id, definition, "" + VERSIONS_KEPT).map(stored -> codec.stored(id, text(stored)));
    }

    /**
     * Empty when there is none. {@link InvalidAction}, {@link MalformedJson} or {@link DamagedRecord} when what is stored was
     * not written by this class.
     */
    public Mono<Action> find(String id) {
        return send(CommandType.LINDEX, Keys.action(id), "0")
                .onErrorMap(failure -> DamagedRecord.of("action " + id, failure))
                .map(document -> codec.stored(id, text(document)));
    }

    /** In the order of ids, after {@code cursor}, which is null for the first page. */
    public Mono<Page> list(@Nullable String cursor, int limit) {
        String after = cursor == null ? "-" : "(" + cursor;
        return send(CommandType.ZRANGEBYLEX, Keys.INDEX, after, "+", "LIMIT", "0", "" + (limit + 1))
                .flatMap(ids -> page(texts(ids), limit));
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
        boolean unusable = failure instanceof InvalidAction
                || failure instanceof MalformedJson
                || failure instanceof DamagedRecord;
        if (unusable) {
            log.atWarn().addKeyValue("problem", failure.getMessage()).log("action.unusable");
        }
        return unusable;
    }

    /** Newest first, at most {@link #VERSIONS_KEPT}; empty when there is no such action. */
    public Mono<List<Action>> versions(String id) {
        return send(CommandType.LRANGE, Keys.action(id), "0", "-1")
                .map(documents -> texts(documents).stream()
                        .map(document -> codec.stored(id, document))
                        .toList());
    }

    /** Removes the action with its versions. False when there was none. */
    public Mono<Boolean> delete(String id) {
        return run(delete, id).map(deleted -> deleted.equals(1L));
    }

    /** The number of the last change to any action, 0 before the first. */
    Mono<Long> lastChange() {
        return send(CommandType.GET, Keys.CHANGE)
                .map(number -> Long.parseLong(text(number)))
                .defaultIfEmpty(0L);
    }

    /** Ids changed or deleted after the change numbered {@code change}. */
    Mono<List<String>> changedAfter(long change) {
        return send(CommandType.ZRANGEBYSCORE, Keys.CHANGES, "(" + change, "+inf")
                .map(ActionStore::texts);
    }

    /** Empty when the reply is nil. */
    private Mono<Object> send(CommandType command, String key, Object... arguments) {
        return Mono.fromCompletionStage(() -> redis.send(command, key, arguments));
    }

    private Mono<Object> run(LuaScript script, String... arguments) {
        List<byte[]> args = Stream.of(arguments)
                .map(a -> a.getBytes(StandardCharsets.UTF_8))
                .toList();
        byte[] prefix = Keys.PREFIX.getBytes(StandardCharsets.UTF_8);
        return Mono.fromCompletionStage(() -> script.run(redis, prefix, args));
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    private static List<String> texts(Object reply) {
        return Stream.of((Object[]) reply).map(ActionStore::text).toList();
    }
}
