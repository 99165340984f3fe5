package io.posthaste.queue.upkeep;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.metrics.ActionTally.Figure;
import io.posthaste.metrics.AnswerTimes;
import io.posthaste.queue.QueueSettings;
import io.posthaste.queue.record.Bytes;
import io.posthaste.queue.upkeep.ActionFigures.Bucket;
import io.posthaste.queue.upkeep.ActionFigures.Period;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads figures from where {@code tally.lua} adds them. What is no number counts as nothing: Redis' content is nobody's word. */
final class FigureReader {
    private static final List<Figure> FIGURES = List.of(Figure.values());

    /** Commands under way at a time. */
    private static final int AT_A_TIME = 16;

    private final RedisLink link;
    private final List<QueueSettings> shards;

    FigureReader(RedisLink link, List<QueueSettings> shards) {
        this.link = link;
        this.shards = shards;
    }

    /** The last periods up to this time, oldest first, with how long answers took. */
    Mono<List<Bucket>> read(String lane, Period period, long nowMillis) {
        long current = nowMillis / period.millis() * period.millis();
        return Flux.fromStream(LongStream.rangeClosed(1 - period.shown(), 0).boxed())
                .map(back -> current + back * period.millis())
                .flatMapSequential(at -> bucket(lane, period, at), AT_A_TIME)
                .collectList();
    }

    /** Of all lanes, in the hour that began then. */
    Mono<Map<String, Map<Figure, Long>>> lanes(long hour) {
        return Mono.fromCompletionStage(
                        () -> link.send(CommandType.HGETALL, key(shards.getFirst(), Period.HOUR, "", hour)))
                .map(reply -> lanes((Object[]) reply));
    }

    private static Map<String, Map<Figure, Long>> lanes(@Nullable Object[] reply) {
        Map<String, Map<Figure, Long>> lanes = new HashMap<>();
        for (int i = 0; i + 1 < reply.length; i += 2) {
            if (reply[i] instanceof byte[] field) {
                long count = count(reply[i + 1]);
                String[] words = Bytes.ascii(field).split(" ", 2);
                FIGURES.stream()
                        .filter(figure -> words.length == 2
                                && !words[0].equals(ActionFigures.ALL)
                                && name(figure).equals(words[1]))
                        .forEach(figure -> lanes.computeIfAbsent(words[0], none -> new EnumMap<>(Figure.class))
                                .put(figure, count));
            }
        }
        return lanes;
    }

    private Mono<Bucket> bucket(String lane, Period period, long at) {
        return Flux.fromIterable(shards)
                .concatMap(shard -> bucket(shard, lane, period, at))
                .reduce(Bucket::and);
    }

    private Mono<Bucket> bucket(QueueSettings shard, String lane, Period period, long at) {
        List<Object> counts = new ArrayList<>();
        counts.add(ActionFigures.ALL + " " + ActionFigures.SEEN);
        FIGURES.forEach(figure -> counts.add(lane + " " + name(figure)));
        Object[] steps = IntStream.range(0, AnswerTimes.STEPS)
                .mapToObj(step -> lane + " " + step)
                .toArray();
        Mono<Object[]> times = period.hasTimes()
                ? fields(key(shard, period, "-times", at), steps)
                : Mono.just(new Object[AnswerTimes.STEPS]);
        return Mono.zip(
                fields(key(shard, period, "", at), counts.toArray()),
                times,
                (figures, took) -> bucket(at, figures, took));
    }

    /** Without a word when the key is of another type: the next script that adds to it sets it aside. */
    private Mono<Object[]> fields(String key, Object[] names) {
        return Mono.fromCompletionStage(() -> link.send(CommandType.HMGET, key, names))
                .map(reply -> (Object[]) reply)
                .onErrorResume(
                        failure -> String.valueOf(failure.getMessage()).startsWith("WRONGTYPE"),
                        damaged -> Mono.just(new Object[names.length]));
    }

    private static Bucket bucket(long at, @Nullable Object[] counts, @Nullable Object[] times) {
        Map<Figure, Long> figures = new EnumMap<>(Figure.class);
        boolean kept = counts[0] != null;
        for (int i = 0; i < FIGURES.size(); i++) {
            kept |= counts[i + 1] != null;
            figures.put(FIGURES.get(i), count(counts[i + 1]));
        }
        long[] took = new long[AnswerTimes.STEPS];
        for (int step = 0; step < took.length; step++) {
            took[step] = count(times[step]);
        }
        return new Bucket(at, figures, kept, took);
    }

    private static String key(QueueSettings shard, Period period, String kind, long at) {
        return new RedisKeys(shard.tag()).tally(name(period) + kind + ":" + at);
    }

    private static long count(@Nullable Object reply) {
        String text = reply instanceof byte[] bytes ? Bytes.ascii(bytes) : "";
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
