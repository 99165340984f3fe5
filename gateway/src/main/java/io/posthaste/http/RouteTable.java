package io.posthaste.http;

import io.posthaste.http.ApiProblem.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** All routes, and which of them a request means. */
public final class RouteTable {
    private final List<Route> routes;

    /** @param path what stands for the route's names */
    record Match(Route route, Map<String, String> path) {}

    public RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    public List<Route> routes() {
        return routes;
    }

    /** Empty when no route has this path; {@link ApiProblem} 405 when some have, with another method (ADM-11). */
    Optional<Match> find(String method, String path) {
        List<String> segments = List.of(path.split("/", -1));
        List<Match> samePath = routes.stream()
                .flatMap(route -> route.match(segments).map(values -> new Match(route, values)).stream())
                .toList();
        if (samePath.isEmpty()) {
            return Optional.empty();
        }
        Optional<Match> match =
                samePath.stream().filter(m -> m.route().method().equals(method)).findFirst();
        if (match.isEmpty()) {
            throw methodNotAllowed(samePath);
        }
        return match;
    }

    /** Why no route has this path: an id that cannot be one is worth telling. */
    ApiProblem nothingAt(String path) {
        List<String> segments = List.of(path.split("/", -1));
        return routes.stream().anyMatch(route -> route.resembles(segments))
                ? new ApiProblem(Kind.NOT_FOUND, "a name in this path is not 1 to 64 of A-Z a-z 0-9 . _ -")
                : ApiProblem.notFound("this path");
    }

    private static ApiProblem methodNotAllowed(List<Match> samePath) {
        String allowed = samePath.stream()
                .map(m -> m.route().method())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return new ApiProblem(Kind.METHOD_NOT_ALLOWED, "use " + allowed).with("Allow", allowed);
    }
}
