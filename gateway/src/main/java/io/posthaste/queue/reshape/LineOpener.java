package io.posthaste.queue.reshape;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.metrics.Repeating;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import io.posthaste.redis.layout.Layout;
import io.posthaste.redis.layout.Layouts;
import io.posthaste.redis.layout.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Lets lines of jobs begin on their new shards. While the number of shards changes, a line that begins waits; it is looked
 * after where it was, and begins when it has ended there: when nothing of it is left, and the inbox is taken in up to where it
 * was when this one was first looked after.
 */
public final class LineOpener implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(100);

    /** Lines of a shard that are looked after at a time. */
    private static final int MOST = 100;

    private static final int AT_ONCE = 16;

    private final RedisLink link;
    private final Layouts layouts;
    private final Predicate<String> here;
    private final Scheduler timer;
    private final LuaScript goOn = LuaScript.load("queue/goon.lua");
    private final LuaScript open = LuaScript.load("queue/open.lua");
    private final Map<Waiting, String> barriers = new ConcurrentHashMap<>();
    private final Disposable.Swap looking = Disposables.swap();

    /**
     * A line that waits.
     *
     * @param line the lane and the order key with a colon between
     */
    private record Waiting(RedisKeys shard, String line) {
        String order() {
            return line.substring(line.indexOf(':') + 1);
        }
    }

    /** @param here whether this gateway looks after a shard */
    public LineOpener(RedisConnections redis, Layouts layouts, Predicate<String> here, Scheduler timer) {
        this.link = redis.admin();
        this.layouts = layouts;
        this.here = here;
        this.timer = timer;
    }

    public void start() {
        looking.update(Repeating.every("lines", LOOK, LOOK, timer, this::look));
    }

    @Override
    public void close() {
        looking.dispose();
    }

    private Mono<Void> look() {
        Layout layout = layouts.now();
        if (layout.phase() != Phase.MOVING && layout.phase() != Phase.FINISHING) {
            barriers.clear();
            return Mono.empty();
        }
        return Flux.fromIterable(layout.serving().all())
                .filter(shard -> here.test(shard.tag()))
                .flatMapDelayError(shard -> look(layout, shard), AT_ONCE, AT_ONCE)
                .then();
    }

    private Mono<Void> look(Layout layout, RedisKeys shard) {
        return waiting(shard).flatMap(lines -> {
            barriers.keySet().removeIf(known -> known.shard().equals(shard) && !lines.contains(known));
            Map<Boolean, List<Waiting>> byDoubt =
                    lines.stream().collect(Collectors.partitioningBy(line -> mayGoOn(layout, line)));
            Map<RedisKeys, List<Waiting>> before = byDoubt.getOrDefault(true, List.of()).stream()
                    .collect(Collectors.groupingBy(line -> layout.from().at(line.order())));
            return open(shard, byDoubt.getOrDefault(false, List.of()))
                    .thenMany(Flux.fromIterable(before.entrySet()))
                    .concatMap(entry -> over(entry.getKey(), entry.getValue()))
                    .concatMap(over -> open(shard, over))
                    .then();
        });
    }

    private Mono<List<Waiting>> waiting(RedisKeys shard) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.ZRANGE, shard.opening(), 0, MOST - 1))
                .map(reply -> Stream.of((Object[]) reply)
                        .map(line -> new Waiting(shard, Bytes.utf8((byte[]) line)))
                        .toList());
    }

    /** What was written to another shard than that of its order keeps to the order it has there. */
    private static boolean mayGoOn(Layout layout, Waiting line) {
        return layout.changes(line.order()) && layout.to().at(line.order()).equals(line.shard());
    }

    /** Those that go on no more where they were. */
    private Mono<List<Waiting>> over(RedisKeys before, List<Waiting> lines) {
        List<byte[]> names = lines.stream().map(line -> Bytes.of(line.line())).toList();
        return Mono.fromCompletionStage(() -> goOn.run(link, Bytes.of(before.prefix()), names))
                .map(reply -> over(lines, (Object[]) reply));
    }

    private List<Waiting> over(List<Waiting> lines, Object[] reply) {
        String taken = Bytes.ascii((byte[]) reply[0]);
        String last = Bytes.ascii((byte[]) reply[1]);
        List<Waiting> over = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String barrier = barriers.computeIfAbsent(lines.get(i), first -> last);
            if (reply[i + 2].equals(0L) && StreamIds.isUpTo(barrier, taken)) {
                over.add(lines.get(i));
            }
        }
        return over;
    }

    private Mono<Void> open(RedisKeys shard, List<Waiting> lines) {
        if (lines.isEmpty()) {
            return Mono.empty();
        }
        List<byte[]> names = lines.stream().map(line -> Bytes.of(line.line())).toList();
        return Mono.fromCompletionStage(() -> open.run(link, Bytes.of(shard.prefix()), names))
                .then();
    }
}
