package io.posthaste.api.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.doctor.Checkup;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.Header;
import java.util.List;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** How the gateway is doing. */
public final class StatusRoutes {
    private final Insight insight;
    private final LiveState live;
    private final Scheduler work;

    public StatusRoutes(Insight insight, LiveState live, Scheduler work) {
        this.insight = insight;
        this.live = live;
        this.work = work;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/healthz", Access.OPEN, this::health),
                Route.of("GET", "/readyz", Access.OPEN, this::readiness),
                Route.of("GET", "/metrics", Access.READ, this::metrics),
                Route.of("GET", "/v1/stats", Access.READ, this::stats),
                Route.of("GET", "/v1/events", Access.READ, this::events),
                Route.of("GET", "/v1/doctor", Access.READ, this::doctor),
                Route.of("GET", "/v1/info/ip_addresses", Access.READ, this::ipAddresses));
    }

    private Mono<Response> health(Call call) {
        return Mono.just(Response.ok(object().put("status", "up")));
    }

    private Mono<Response> readiness(Call call) {
        return Mono.fromSupplier(insight.readiness()).map(StatusRoutes::answer);
    }

    private static Response answer(Readiness readiness) {
        return readiness.ready()
                ? Response.ok(object().put("status", "ready"))
                : Response.json(503, object().put("status", "not ready").put("reason", readiness.reason()));
    }

    private Mono<Response> metrics(Call call) {
        String accept = call.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase("Accept"))
                .map(Header::value)
                .collect(Collectors.joining(","));
        return Mono.fromSupplier(() -> insight.metrics().apply(accept))
                .map(page -> Response.text(page.type(), page.text()));
    }

    private Mono<Response> stats(Call call) {
        return live.present().publishOn(work).map(Response::ok);
    }

    private Mono<Response> events(Call call) {
        if (live.isCrowded()) {
            throw new ApiProblem(
                            Kind.TOO_MANY_REQUESTS,
                            "at most %d dashboards watch at a time".formatted(LiveState.MOST_WATCHERS))
                    .with("Retry-After", "10");
        }
        return Mono.just(Response.events(live.watch()));
    }

    /** Asks servers and the system, so it takes its time; one at a time. */
    private Mono<Response> doctor(Call call) {
        return Mono.fromSupplier(this::findings).subscribeOn(work).map(Response::ok);
    }

    private synchronized ObjectNode findings() {
        return Checkup.json(insight.doctor().get());
    }

    private Mono<Response> ipAddresses(Call call) {
        ObjectNode body = object();
        ArrayNode list = body.putArray("ip_addresses");
        insight.ipAddresses().forEach(list::add);
        return Mono.just(Response.ok(body));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
