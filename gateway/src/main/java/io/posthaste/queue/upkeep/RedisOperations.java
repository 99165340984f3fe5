package io.posthaste.queue.upkeep;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.ScriptRunner;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.TreeOutput;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Operations on one shard of Redis. */
public final class RedisOperations implements Operations {
    /** Deliveries that are looked at in one script call: about a millisecond. */
    private static final int LOOK = 250;

    private static final int CANCELS_PER_SECOND = 1_000;

    private final ScriptRunner runner;
    private final RedisKeys keys;
    private final LuaScript matchingScript = LuaScript.load("queue/matching.lua");
    private final LuaScript operationScript = LuaScript.load("queue/operation.lua");

    public RedisOperations(RedisConnections redis, QueueSettings settings) {
        this.keys = new RedisKeys(settings.tag());
        this.runner = new ScriptRunner(
                redis.admin(), Bytes.of(keys.prefix()), settings.leases().laneMaxInFlight());
    }

    @Override
    public Mono<Operation> start(String id, Selection selection) {
        return count(selection).flatMap(matched -> start(id, selection, matched));
    }

    /** The same when it is known how many match. */
    Mono<Operation> start(String id, Selection selection, long matched) {
        return start(id, selection, restsIn(selection.kind()), matched, "discarded");
    }

    @Override
    public Mono<Void> cancelRetries(String id, String action, String reason) {
        Selection selection = new Selection(Kind.CANCEL, action, null, 0, 0, CANCELS_PER_SECOND, Integer.MAX_VALUE);
        return start(id, selection, "due:" + action, -1, reason).then();
    }

    private Mono<Operation> start(String id, Selection selection, String set, long matched, String because) {
        return runner.run(
                        operationScript,
                        "start",
                        id,
                        selection.kind().name().toLowerCase(Locale.ROOT),
                        set,
                        orEmpty(selection.action()),
                        orEmpty(selection.reason()),
                        selection.sinceMillis(),
                        selection.untilMillis(),
                        selection.perSecond(),
                        selection.most(),
                        matched,
                        because)
                .map(started -> Bytes.ascii((byte[]) started))
                .filter(started -> !started.isEmpty())
                .flatMap(this::find);
    }

    private static String restsIn(Kind kind) {
        return switch (kind) {
            case RESEND -> "failed";
            case SEND, DISCARD -> "drafts";
            case CANCEL -> throw new IllegalArgumentException("retries rest in their lanes");
        };
    }

    /** A step of the count: how many matched up to it, and where the next begins. */
    private record Part(long matched, String next) {
        boolean isLast(Selection selection) {
            return next.isEmpty() || matched >= selection.most();
        }
    }

    @Override
    public Mono<Long> count(Selection selection) {
        return next(selection, new Part(0, Long.toString(selection.sinceMillis() - 1)))
                .expand(part -> part.isLast(selection) ? Mono.empty() : next(selection, part))
                .last()
                .map(part -> Math.min(part.matched(), selection.most()));
    }

    private Mono<Part> next(Selection selection, Part before) {
        return runner.run(
                        matchingScript,
                        restsIn(selection.kind()),
                        orEmpty(selection.action()),
                        orEmpty(selection.reason()),
                        before.next(),
                        selection.untilMillis() == 0 ? "+inf" : Long.toString(selection.untilMillis()),
                        LOOK)
                .map(reply -> part(before, (Object[]) reply));
    }

    private static Part part(Part before, @Nullable Object[] reply) {
        long matched = reply[0] instanceof Long count ? count : 0;
        return new Part(before.matched() + matched, reply[1] instanceof byte[] next ? Bytes.ascii(next) : "");
    }

    @Override
    public Mono<Operation> find(String id) {
        return Mono.fromCompletionStage(() -> runner.link().send(CommandType.HGETALL, keys.operation(id)))
                .map(TreeOutput::texts)
                .filter(fields -> fields.containsKey("kind"))
                .map(fields -> operation(id, fields));
    }

    @Override
    public Mono<List<Operation>> list() {
        return Mono.fromCompletionStage(() -> runner.link().send(CommandType.ZREVRANGE, keys.operations(), 0, 99))
                .flatMapMany(reply -> Flux.fromStream(Stream.of((Object[]) reply)))
                .concatMap(id -> find(Bytes.ascii((byte[]) id)))
                .collectList();
    }

    @Override
    public Mono<Boolean> cancel(String id) {
        return runner.run(operationScript, "cancel", id).map(Long.valueOf(1)::equals);
    }

    private static Operation operation(String id, Map<String, String> fields) {
        return new Operation(
                id,
                new Operation.Scope(
                        Kind.valueOf(fields.getOrDefault("kind", "").toUpperCase(Locale.ROOT)),
                        orNull(fields.getOrDefault("action", "")),
                        orNull(fields.getOrDefault("reason", ""))),
                fields.getOrDefault("state", ""),
                new Operation.Progress(number(fields, "matched"), number(fields, "done"), (int) number(fields, "rate")),
                number(fields, "created"),
                number(fields, "updated"));
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(fields.getOrDefault(name, "0"));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
