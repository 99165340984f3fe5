package io.posthaste.http;

import io.posthaste.job.Ids;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * One line of the route table.
 *
 * @param path {@code {name}} stands for one segment of {@code A-Z a-z 0-9 . _ -}, {@code {host}} for one that may also
 *     have {@code : [ ]} and be longer
 * @param segments what stands between the slashes of the path, split once: every request is held to every route
 * @param query the query parameters it knows; others are refused
 * @param bulk whether it takes jobs in bulk: also as lines, and as fast as Redis takes them
 */
public record Route(
        String method,
        String path,
        List<String> segments,
        Access access,
        Set<String> query,
        boolean bulk,
        Handler handler) {
    private static final String A_HOST = "{host}";
    private static final Predicate<String> HOST =
            Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,262}").asMatchPredicate();

    /** A function from a call to its answer. Fails with {@link ApiProblem} for what the caller did wrong. */
    @FunctionalInterface
    public interface Handler {
        Mono<Response> handle(Call call);
    }

    public static Route of(String method, String path, Access access, Handler handler) {
        return new Route(method, path, List.of(path.split("/", -1)), access, Set.of(), false, handler);
    }

    public Route knowing(String... parameters) {
        return new Route(method, path, segments, access, Set.of(parameters), bulk, handler);
    }

    public Route inBulk() {
        return new Route(method, path, segments, access, query, true, handler);
    }

    /** The values of the names in the path, or empty when the path is another. */
    Optional<Map<String, String>> match(List<String> given) {
        if (!resembles(given)) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String name = segments.get(i);
            if (!name.startsWith("{")) {
                continue;
            }
            // The alphabet of ids, or of hosts: no escapes, no slashes, so nothing in a path is ever decoded (ADM-8).
            boolean legal = name.equals(A_HOST) ? HOST.test(given.get(i)) : Ids.isId(given.get(i));
            if (!legal) {
                return Optional.empty();
            }
            values.put(name.substring(1, name.length() - 1), given.get(i));
        }
        return Optional.of(Map.copyOf(values));
    }

    /** Whether at most the names in the path keep it from being this route's. */
    boolean resembles(List<String> given) {
        if (segments.size() != given.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            if (!segments.get(i).startsWith("{") && !segments.get(i).equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }
}
