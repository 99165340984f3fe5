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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deliveries of all kinds, newest change first: a merge of the places deliveries lie in. A page looks at a bounded
 * number of them, so it may be short, or empty, and still have a next one.
 */
final class DeliveryList {
    private static final String END = "end";

    private final List<DeliverySource> sources;

    DeliveryList(List<DeliverySource> sources) {
        this.sources = sources;
    }

    Mono<Page> page(Query query) {
        Map<String, String> positions = parse(query.cursor());
        return Flux.fromIterable(sources)
                .filter(source -> holds(source, query.state()) && !END.equals(positions.get(source.name())))
                .concatMap(source -> source.slice(positions.get(source.name())))
                .collectList()
                .map(slices -> merge(slices, query, positions));
    }

    private static boolean holds(DeliverySource source, @Nullable DeliveryState state) {
        return state == null || source.states().contains(state);
    }

    private static Page merge(List<DeliverySource.Slice> slices, Query query, Map<String, String> positions) {
        // Beyond the oldest row of a slice that goes on, that source may hold something newer than the others have.
        long horizon = slices.stream()
                .filter(slice -> !slice.ended())
                .mapToLong(slice -> slice.rows().getLast().time())
                .max()
                .orElse(Long.MIN_VALUE);
        List<DeliverySource.Row> matching = slices.stream()
                .flatMap(slice -> slice.rows().stream())
                .filter(row -> row.time() >= horizon && matches(row, query))
                .sorted(Comparator.comparingLong(DeliverySource.Row::time).reversed())
                .limit(query.limit())
                .toList();
        Map<String, String> next = new HashMap<>(positions);
        slices.forEach(slice -> next.put(slice.source(), advance(slice, matching, query, horizon)));
        List<Delivery> found = new ArrayList<>();
        matching.forEach(row -> found.add(row.delivery()));
        boolean last = slices.stream().allMatch(slice -> END.equals(next.get(slice.source())));
        return new Page(found, last ? null : format(next));
    }

    /** The position of the last row that was shown or does not match, before the first that is still to be shown. */
    private static String advance(
            DeliverySource.Slice slice, List<DeliverySource.Row> shown, Query query, long horizon) {
        String position = slice.from();
        for (DeliverySource.Row row : slice.rows()) {
            if (row.time() < query.sinceMillis()) {
                return END;
            }
            boolean open = row.time() < horizon || (matches(row, query) && !shown.contains(row));
            if (open) {
                return position;
            }
            position = row.position();
        }
        return slice.ended() ? END : position;
    }

    private static boolean matches(DeliverySource.Row row, Query query) {
        Delivery delivery = row.delivery();
        return row.time() >= query.sinceMillis()
                && (query.state() == null || query.state() == delivery.state())
                && (query.action() == null || query.action().equals(delivery.action()))
                && (query.reason() == null || delivery.reason().contains(query.reason()));
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
