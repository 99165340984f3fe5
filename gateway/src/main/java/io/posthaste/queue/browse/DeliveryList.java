package io.posthaste.queue.browse;

import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.queue.browse.Deliveries.Page;
import io.posthaste.queue.browse.Deliveries.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deliveries of all kinds, newest change first: a merge of the places deliveries lie in. A page looks on until it is full or
 * took its time: then it may be short, or empty, and still have a next one.
 */
final class DeliveryList {
    private static final String END = "end";

    /** After so long a page is answered with what was found. */
    private static final long PATIENCE_NANOS = 200_000_000;

    /** After so long it is answered though nothing was found. */
    private static final long LONGEST_NANOS = 1_500_000_000;

    /** Of the blocks that are read at once, times those of the first look. */
    private static final int MOST_EFFORT = 32;

    /** Records; a look that comes upon more of them at once is not made greater. */
    private static final int ENOUGH = 4_096;

    /** Sources that are asked at the same time. */
    private static final int AT_ONCE = 8;

    private final List<DeliverySource> sources;
    private final LongSupplier nanoTime;

    DeliveryList(List<DeliverySource> sources, LongSupplier nanoTime) {
        this.sources = sources;
        this.nanoTime = nanoTime;
    }

    /**
     * A page that is being put together.
     *
     * @param positions to look on from, by source
     * @param open slices of which nothing was shown yet, by source
     */
    private record Looked(
            List<Delivery> found,
            Map<String, String> positions,
            Map<String, DeliverySource.Slice> open,
            int effort,
            boolean ended) {}

    Mono<Page> page(Query query) {
        Looked nothing = new Looked(List.of(), parse(query.cursor()), Map.of(), 1, false);
        return Mono.defer(() -> {
            long startedAt = nanoTime.getAsLong();
            return look(query, nothing)
                    .expand(sofar -> isEnough(query, sofar, nanoTime.getAsLong() - startedAt)
                            ? Mono.empty()
                            : look(query, sofar))
                    .last()
                    .map(done -> new Page(done.found(), done.ended() ? null : format(done.positions())));
        });
    }

    private static boolean isEnough(Query query, Looked sofar, long took) {
        return sofar.ended()
                || sofar.found().size() >= query.limit()
                || took > (sofar.found().isEmpty() ? LONGEST_NANOS : PATIENCE_NANOS);
    }

    private Mono<Looked> look(Query query, Looked sofar) {
        return Flux.fromIterable(sources)
                .filter(source -> holds(source, query.wanted().state())
                        && !END.equals(sofar.positions().get(source.name())))
                .flatMapSequential(source -> slice(source, query, sofar), AT_ONCE)
                .collectList()
                .map(slices -> merge(slices, query, sofar));
    }

    private static Mono<DeliverySource.Slice> slice(DeliverySource source, Query query, Looked sofar) {
        DeliverySource.Slice open = sofar.open().get(source.name());
        return open == null
                ? source.slice(sofar.positions().get(source.name()), query.wanted(), sofar.effort())
                : Mono.just(open);
    }

    private static boolean holds(DeliverySource source, @Nullable DeliveryState state) {
        return state == null || source.states().contains(state);
    }

    private static Looked merge(List<DeliverySource.Slice> slices, Query query, Looked sofar) {
        // Beyond the end of a slice that goes on, that source may hold something newer than the others have.
        long horizon = slices.stream()
                .map(DeliverySource.Slice::end)
                .filter(Objects::nonNull)
                .mapToLong(DeliverySource.End::time)
                .max()
                .orElse(Long.MIN_VALUE);
        List<DeliverySource.Row> shown = slices.stream()
                .flatMap(slice -> slice.rows().stream())
                .filter(row -> row.time() >= horizon)
                .sorted(Comparator.comparingLong(DeliverySource.Row::time).reversed())
                .limit(query.limit() - sofar.found().size())
                .toList();
        Map<String, String> next = new HashMap<>(sofar.positions());
        slices.forEach(slice -> next.put(slice.source(), advance(slice, shown, query)));
        List<Delivery> found = new ArrayList<>(sofar.found());
        shown.forEach(row -> found.add(row.delivery()));
        int rows = slices.stream().mapToInt(slice -> slice.rows().size()).sum();
        int effort = rows > ENOUGH ? sofar.effort() : Math.min(MOST_EFFORT, sofar.effort() * 2);
        Map<String, DeliverySource.Slice> open = new HashMap<>();
        slices.stream()
                .filter(slice -> slice.from().equals(next.get(slice.source())))
                .forEach(slice -> open.put(slice.source(), slice));
        return new Looked(
                found, next, open, effort, slices.stream().allMatch(slice -> END.equals(next.get(slice.source()))));
    }

    /** Where the next look begins: behind what was shown, and before what is wanted and was not. */
    private static String advance(DeliverySource.Slice slice, List<DeliverySource.Row> shown, Query query) {
        String position = slice.from();
        for (DeliverySource.Row row : slice.rows()) {
            if (!shown.contains(row)) {
                return position;
            }
            position = row.position();
        }
        DeliverySource.End end = slice.end();
        return end == null || end.time() < query.wanted().sinceMillis() ? END : end.position();
    }

    /** @throws InvalidCursorException when no page could have ended with this cursor */
    private Map<String, String> parse(@Nullable String cursor) {
        Map<String, String> positions = new HashMap<>();
        for (String part : cursor == null ? new String[0] : cursor.split("~", -1)) {
            int mark = part.indexOf('=');
            String name = part.substring(0, Math.max(0, mark));
            String position = part.substring(mark + 1);
            if (!isKnown(name, position) || positions.put(name, position) != null) {
                throw new InvalidCursorException();
            }
        }
        return positions;
    }

    private boolean isKnown(String name, String position) {
        return sources.stream()
                .filter(source -> source.name().equals(name))
                .anyMatch(source -> END.equals(position) || source.isPosition(position));
    }

    private static String format(Map<String, String> positions) {
        return positions.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .collect(Collectors.joining("~"));
    }
}
