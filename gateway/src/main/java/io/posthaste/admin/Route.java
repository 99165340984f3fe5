package io.posthaste.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/**
 * One line of the route table.
 *
 * @param path segments in order; {@code {name}} stands for one segment of {@code A-Z a-z 0-9 . _ -}
 * @param query the query parameters it knows; others are refused
 */
record Route(String method, String path, Access access, Set<String> query, Handler handler) {
    // The alphabet of ids: no escapes, no slashes, so nothing in a path is ever decoded (ADM-8).
    private static final Predicate<String> SEGMENT =
            Pattern.compile("[A-Za-z0-9._-]{1,64}").asMatchPredicate();

    /** A function from a call to its answer. Fails with {@link ApiProblem} for what the caller did wrong. */
    @FunctionalInterface
    interface Handler {
        Mono<Answer> handle(Call call);
    }

    static Route of(String method, String path, Access access, Handler handler) {
        return new Route(method, path, access, Set.of(), handler);
    }

    Route knowing(String... parameters) {
        return new Route(method, path, access, Set.of(parameters), handler);
    }

    /** The values of the names in the path, or empty when the path is another. */
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> template = List.of(path.split("/", -1));
        if (template.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String wanted = template.get(i);
            String given = segments.get(i);
            if (wanted.startsWith("{") && SEGMENT.test(given)) {
                values.put(wanted.substring(1, wanted.length() - 1), given);
            } else if (!wanted.equals(given)) {
                return Optional.empty();
            }
        }
        return Optional.of(Map.copyOf(values));
    }

    /** Whether only the names in the path keep it from being this route's. */
    boolean resembles(List<String> segments) {
        List<String> template = List.of(path.split("/", -1));
        return template.size() == segments.size()
                && IntStream.range(0, template.size())
                        .allMatch(i -> template.get(i).startsWith("{")
                                || template.get(i).equals(segments.get(i)));
    }
}
