package io.posthaste.queue.upkeep;

import io.posthaste.metrics.ActionTally;
import io.posthaste.metrics.ActionTally.Counts;
import io.posthaste.metrics.ActionTally.Figure;
import io.posthaste.metrics.Repeating;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.ScriptRunner;
import io.posthaste.queue.record.Bytes;
import io.posthaste.redis.LuaScript;
import io.posthaste.redis.RedisConnections;
import io.posthaste.redis.RedisKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The figures of actions by period, in Redis, where all instances add to them. The delivery path counts in memory; once a
 * second that is added there, and every ten how long answers took, so {@code kill -9} loses that and nothing else. Each
 * instance leaves a mark in periods in which it counted: one without any is not known, instead of quiet.
 */
public final class ActionFigures implements AutoCloseable {
    /** Stands for all lanes together; no lane's name. */
    public static final String ALL = "*";

    static final String SEEN = "seen";

    private static final Logger LOG = LoggerFactory.getLogger(ActionFigures.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** Turns between two that write how long answers took, and between two marks: more than one of these a minute. */
    private static final int TIMES_EVERY = 10;

    private static final int MARKS_EVERY = 20;

    /** Lanes written in one script call: a few milliseconds. */
    private static final int LANES = 200;

    /** Over what is summed up; all are kept a little longer than they are shown. Minutes are of all lanes only. */
    public enum Period {
        MINUTE(Duration.ofMinutes(1), 15),
        HOUR(Duration.ofHours(1), 24),
        QUARTER(Duration.ofHours(6), 28),
        DAY(Duration.ofDays(1), 30);

        private final long millis;
        private final int shown;

        Period(Duration length, int shown) {
            this.millis = length.toMillis();
            this.shown = shown;
        }

        /** Its length in milliseconds. */
        public long millis() {
            return millis;
        }

        int shown() {
            return shown;
        }

        boolean hasTimes() {
            return this != DAY;
        }
    }

    /**
     * @param atMillis when the period began; figures that are zero are there, too
     * @param kept whether anybody counted in it
     * @param times attempts by {@link io.posthaste.metrics.AnswerTimes#step}; all zero for days
     */
    public record Bucket(long atMillis, Map<Figure, Long> figures, boolean kept, long[] times) {
        /** Both together. */
        public Bucket and(Bucket more) {
            Map<Figure, Long> sums = new EnumMap<>(figures);
            more.figures.forEach((figure, count) -> sums.merge(figure, count, Long::sum));
            long[] took = times.clone();
            for (int step = 0; step < took.length; step++) {
                took[step] += more.times[step];
            }
            return new Bucket(atMillis, sums, kept || more.kept, took);
        }
    }

    private final RedisConnections redis;
    private final List<QueueSettings> shards;
    private final FigureReader reader;
    private final ActionTally tally;
    private final Scheduler scheduler;
    private final LuaScript tallyScript = LuaScript.load("queue/tally.lua");
    private @Nullable Disposable running;
    private long turns;

    /**
     * @param shards on whose first what is counted here is kept; scripts count on their own. Looked at anew each time, as
     *     shards are added
     */
    public ActionFigures(RedisConnections redis, List<QueueSettings> shards, ActionTally tally, Scheduler scheduler) {
        this.redis = redis;
        this.shards = shards;
        this.reader = new FigureReader(redis.admin(), shards);
        this.tally = tally;
        this.scheduler = scheduler;
    }

    /** Adds what was counted once a second, until closed. */
    public synchronized void start() {
        running = Repeating.every(
                "figures", PERIOD, PERIOD, scheduler, () -> turn().onErrorResume(ActionFigures::report));
    }

    /** One turn; turns never overlap. */
    private Mono<Void> turn() {
        long turn = turns++;
        Mono<Void> marked = turn % MARKS_EVERY == 0 ? mark() : Mono.empty();
        return marked.onErrorResume(ActionFigures::report).then(write(turn % TIMES_EVERY == TIMES_EVERY - 1));
    }

    /** Says on every shard that somebody counts, and drops there what is too old. */
    Mono<Void> mark() {
        return Flux.fromIterable(shards)
                .concatMapDelayError(shard -> scripts(shard).run(tallyScript, 1))
                .then();
    }

    /** Adds what was counted so far. What Redis does not take is kept for the next time. */
    public Mono<Void> write() {
        return write(true);
    }

    /** Times are many fields, and nobody waits for them. */
    private Mono<Void> write(boolean times) {
        return Mono.defer(() -> Flux.fromIterable((times ? tally.take() : tally.takeFigures()).entrySet())
                .buffer(LANES)
                // Every part is tried: what was taken and never written would be counted by nobody.
                .concatMap(this::write)
                .reduce((first, next) -> first)
                .flatMap(Mono::error));
    }

    /** Answers why Redis did not take it, if it did not. */
    private Mono<Throwable> write(List<Map.Entry<String, Counts>> part) {
        List<Object> arguments = new ArrayList<>();
        part.forEach(lane -> add(arguments, lane.getKey(), lane.getValue()));
        return scripts(shards.getFirst())
                .run(tallyScript, 0, arguments)
                .then(Mono.<Throwable>empty())
                .onErrorResume(failure -> {
                    part.forEach(lane -> tally.putBack(lane.getKey(), lane.getValue()));
                    return Mono.just(failure);
                });
    }

    private ScriptRunner scripts(QueueSettings shard) {
        return new ScriptRunner(
                redis.admin(),
                Bytes.of(new RedisKeys(shard.tag()).prefix()),
                shard.leases().laneMaxInFlight());
    }

    private static void add(List<Object> arguments, String lane, Counts counts) {
        counts.figures().forEach((figure, count) -> arguments.addAll(List.of(lane, FigureReader.name(figure), count)));
        for (int step = 0; step < counts.times().length; step++) {
            if (counts.times()[step] > 0) {
                arguments.addAll(List.of(lane, "@" + step, counts.times()[step]));
            }
        }
    }

    private static Mono<Void> report(Throwable failure) {
        LOG.atWarn().addKeyValue("cause", failure.toString()).log("figures.kept_back");
        return Mono.empty();
    }

    /** The last periods up to this time, oldest first. */
    public Mono<List<Bucket>> of(String lane, Period period, long nowMillis) {
        return reader.read(lane, period, nowMillis);
    }

    /** Of all lanes, by hours, in this hour and the one before; by when each began, epoch milliseconds. */
    public Mono<Map<Long, Map<String, Map<Figure, Long>>>> recent(long nowMillis) {
        long current = nowMillis / Period.HOUR.millis * Period.HOUR.millis;
        return Flux.just(current - Period.HOUR.millis, current)
                .concatMap(at -> reader.lanes(at).map(lanes -> Map.entry(at, lanes)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    @Override
    public synchronized void close() {
        if (running != null) {
            running.dispose();
            write().onErrorResume(ActionFigures::report).block(LAST_WORDS);
        }
    }
}
