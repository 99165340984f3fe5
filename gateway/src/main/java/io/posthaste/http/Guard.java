package io.posthaste.http;

import io.posthaste.http.ApiProblem.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Decides which requests reach a handler, from their head alone: a body is read only for those that may (ADM-2, ADM-3,
 * ADM-10, ADM-11).
 */
public final class Guard {
    private static final Set<String> NEVER = Set.of("TRACE", "OPTIONS", "CONNECT", "HEAD");
    private static final String BEARER = "Bearer ";
    private static final String RETRY_AFTER = "Retry-After";

    private final HostRule hosts;
    private final RouteTable routes;
    private final AccessTokens tokens;
    private final RateLimit failures;
    private final RateLimit writes;
    private final int writesPerSecond;

    /**
     * The head of a request as it stands on the wire.
     *
     * @param address where the connection comes from; forwarded headers are not looked at
     */
    record Head(String method, String target, List<String> hosts, List<String> authorization, String address) {}

    record Admitted(Route route, Map<String, String> path, Map<String, String> query, Access access) {}

    /** @param writesPerSecond of one address, over ten seconds, jobs aside */
    public Guard(HostRule hosts, RouteTable routes, AccessTokens tokens, int writesPerSecond, LongSupplier nanoTime) {
        this.hosts = hosts;
        this.routes = routes;
        this.tokens = tokens;
        this.failures = new RateLimit(10, Duration.ofMinutes(1), nanoTime);
        this.writes = new RateLimit(10 * writesPerSecond, Duration.ofSeconds(10), nanoTime);
        this.writesPerSecond = writesPerSecond;
    }

    /** The route the request may take, or the {@link ApiProblem} it is answered with. */
    Admitted admit(Head head) {
        hosts.check(head.hosts());
        if (NEVER.contains(head.method())) {
            String allowed = "DELETE, GET, PATCH, POST, PUT";
            throw new ApiProblem(Kind.METHOD_NOT_ALLOWED, "use one of " + allowed).with("Allow", allowed);
        }
        if (!head.target().startsWith("/")) {
            throw new ApiProblem(Kind.BAD_REQUEST, "the request target must be a path");
        }
        int mark = head.target().indexOf('?');
        String path = mark < 0 ? head.target() : head.target().substring(0, mark);
        var match = routes.find(head.method(), path);
        Access needed = match.map(m -> m.route().access()).orElse(Access.READ);
        Access access = needed == Access.OPEN ? Access.OPEN : authenticate(head, needed);
        if (match.isEmpty()) {
            throw routes.nothingAt(path);
        }
        Route route = match.get().route();
        limitWrites(head, route);
        String query = mark < 0 ? "" : head.target().substring(mark + 1);
        // The bin takes what it is sent: its callers are under test, not ours to correct.
        boolean anyQuery = route.access() == Access.OPEN;
        return new Admitted(route, match.get().path(), anyQuery ? Map.of() : Query.parse(query, route.query()), access);
    }

    /** Whose token the request brings. */
    Caller callerOf(Head head) {
        List<String> given = head.authorization();
        boolean bearer = given.size() == 1 && given.getFirst().regionMatches(true, 0, BEARER, 0, BEARER.length());
        return bearer
                ? tokens.callerOf(given.getFirst().substring(BEARER.length()).strip())
                : Caller.NOBODY;
    }

    private Access authenticate(Head head, Access needed) {
        Access access = callerOf(head).access();
        if (access == Access.OPEN) {
            // Who has a token is never locked out by somebody who guesses from the same address.
            throw failures.take(head.address())
                    ? new ApiProblem(Kind.UNAUTHORIZED, "send Authorization: Bearer and the token")
                            .with("WWW-Authenticate", "Bearer")
                    : new ApiProblem(Kind.TOO_MANY_REQUESTS, "too many failed attempts").with(RETRY_AFTER, "60");
        }
        if (!access.includes(needed)) {
            throw new ApiProblem(Kind.FORBIDDEN, "this token may not do this");
        }
        return access;
    }

    private void limitWrites(Head head, Route route) {
        boolean write = !route.method().equals("GET") && route.access() != Access.OPEN && !route.bulk();
        if (write && !writes.take(head.address())) {
            throw new ApiProblem(
                            Kind.TOO_MANY_REQUESTS,
                            "at most " + writesPerSecond + " writes a second (admin.writes-per-second)")
                    .with(RETRY_AFTER, "1");
        }
    }
}
