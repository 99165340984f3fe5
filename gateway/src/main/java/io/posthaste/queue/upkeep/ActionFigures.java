package io.posthaste.queue.upkeep;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.metrics.ActionTally;
import io.posthaste.metrics.ActionTally.Figure;
import io.posthaste.metrics.Repeating;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.ScriptRunner;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The figures of actions by hour and day, in Redis, where all instances add to them. The delivery path counts in memory;
 * once a second that is added here, so {@code kill -9} loses a second of figures and nothing else.
 */
public final class ActionFigures implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActionFigures.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final List<Figure> FIGURES = List.of(Figure.values());

    /** Lanes written in one script call: a millisecond or two. */
    private static final int LANES = 200;

    /** Over what is summed up; both are kept a little longer than they are shown. */
    public enum Period {
        HOUR(Duration.ofHours(1), 24),
        DAY(Duration.ofDays(1), 30);

        private final long millis;
        private final int shown;

        Period(Duration length, int shown) {
            this.millis = length.toMillis();
            this.shown = shown;
        }
    }

    /** @param atMillis when the period began; figures that are zero are there, too */
    public record Bucket(long atMillis, Map<Figure, Long> figures) {}

    private final RedisLink link;
    private final RedisKeys keys;
    private final ScriptRunner runner;
    private final ActionTally tally;
    private final Scheduler scheduler;
    private final LuaScript tallyScript = LuaScript.load("queue/tally.lua");
    private @Nullable Disposable running;

    public ActionFigures(RedisConnections redis, QueueSettings settings, ActionTally tally, Scheduler scheduler) {
        this.link = redis.admin();
        this.keys = new RedisKeys(settings.tag());
        this.runner = new ScriptRunner(
                link, Bytes.of(keys.prefix()), settings.leases().laneMaxInFlight());
        this.tally = tally;
        this.scheduler = scheduler;
    }

    /** Adds what was counted once a second, until closed. */
    public synchronized void start() {
        running = Repeating.every(
                "figures", PERIOD, PERIOD, scheduler, () -> write().onErrorResume(ActionFigures::report));
    }

    /** Adds what was counted so far. What Redis does not take is kept for the next time. */
    public Mono<Void> write() {
        return Mono.defer(() -> Flux.fromIterable(tally.take().entrySet())
                .buffer(LANES)
                // Every part is tried: what was taken and never written would be counted by nobody.
                .concatMap(this::write)
                .reduce((first, next) -> first)
                .flatMap(Mono::error));
    }

    /** Answers why Redis did not take it, if it did not. */
    private Mono<Throwable> write(List<Map.Entry<String, Map<Figure, Long>>> part) {
        List<Object> arguments = new ArrayList<>();
        part.forEach(lane -> lane.getValue()
                .forEach((figure, count) -> arguments.addAll(List.of(lane.getKey(), name(figure), count))));
        return runner.run(tallyScript, arguments).then(Mono.<Throwable>empty()).onErrorResume(failure -> {
            part.forEach(lane -> tally.putBack(lane.getKey(), lane.getValue()));
            return Mono.just(failure);
        });
    }

    private static Mono<Void> report(Throwable failure) {
        LOG.atWarn().addKeyValue("cause", failure.toString()).log("figures.kept_back");
        return Mono.empty();
    }

    /** The last periods up to this time, oldest first. */
    public Mono<List<Bucket>> of(String lane, Period period, long nowMillis) {
        long current = nowMillis / period.millis * period.millis;
        return Flux.fromStream(LongStream.rangeClosed(1 - period.shown, 0).boxed())
                .map(back -> current + back * period.millis)
                .concatMap(at -> bucket(lane, period, at))
                .collectList();
    }

    /** Of all lanes, by hours, in this hour and the one before; by when each began, epoch milliseconds. */
    public Mono<Map<Long, Map<String, Map<Figure, Long>>>> recent(long nowMillis) {
        long current = nowMillis / Period.HOUR.millis * Period.HOUR.millis;
        return Flux.just(current - Period.HOUR.millis, current)
                .concatMap(at -> Mono.fromCompletionStage(
                                () -> link.send(CommandType.HGETALL, keys.tally(name(Period.HOUR) + ":" + at)))
                        .map(reply -> Map.entry(at, lanes((Object[]) reply))))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static Map<String, Map<Figure, Long>> lanes(@Nullable Object[] reply) {
        Map<String, Map<Figure, Long>> lanes = new HashMap<>();
        for (int i = 0; i + 1 < reply.length; i += 2) {
            if (reply[i] instanceof byte[] field && reply[i + 1] instanceof byte[] count) {
                String[] words = Bytes.ascii(field).split(" ", 2);
                FIGURES.stream()
                        .filter(figure -> words.length == 2 && name(figure).equals(words[1]))
                        .forEach(figure -> lanes.computeIfAbsent(words[0], none -> new EnumMap<>(Figure.class))
                                .put(figure, Bytes.number(count)));
            }
        }
        return lanes;
    }

    private Mono<Bucket> bucket(String lane, Period period, long at) {
        String tallied = keys.tally(name(period) + ":" + at);
        Object[] fields =
                FIGURES.stream().map(figure -> lane + " " + name(figure)).toArray();
        return Mono.fromCompletionStage(() -> link.send(CommandType.HMGET, tallied, fields))
                .map(reply -> bucket(at, (Object[]) reply));
    }

    private static Bucket bucket(long at, @Nullable Object[] reply) {
        Map<Figure, Long> figures = new EnumMap<>(Figure.class);
        for (int i = 0; i < reply.length; i++) {
            figures.put(FIGURES.get(i), reply[i] instanceof byte[] count ? Bytes.number(count) : 0);
        }
        return new Bucket(at, figures);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public synchronized void close() {
        if (running != null) {
            running.dispose();
            write().onErrorResume(ActionFigures::report).block(LAST_WORDS);
        }
    }
}
