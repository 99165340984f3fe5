package io.posthaste.api.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.host.HostReport;
import io.posthaste.host.HostsSeen;
import io.posthaste.host.HostsSeen.Order;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Query;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Receivers' hosts: how they are doing, with each gateway and with all of them. */
public final class HostRoutes {
    private static final int LONGEST_SEARCH = 100;
    private static final String[] ORDERS =
            Stream.of(Order.values()).map(HostJson::name).toArray(String[]::new);

    private final Insight insight;
    private final InstantSource clock;
    private final Scheduler work;

    public HostRoutes(Insight insight, InstantSource clock, Scheduler work) {
        this.insight = insight;
        this.clock = clock;
        this.work = work;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/v1/hosts", Access.READ, this::list).knowing("sort", "q", "limit"),
                Route.of("GET", "/v1/hosts/{host}", Access.READ, this::read));
    }

    private Mono<Response> list(Call call) {
        String sort = Objects.requireNonNullElse(Query.choice(call, "sort", ORDERS), HostJson.name(Order.TROUBLE));
        String part = call.query().getOrDefault("q", "");
        if (part.length() > LONGEST_SEARCH) {
            throw new ApiProblem(Kind.BAD_REQUEST, "q: give a part of a host's name, at most 100 characters");
        }
        int limit = Query.limit(call);
        return seen().map(seen -> {
            long now = clock.millis();
            List<HostReport> hosts =
                    seen.all(part.toLowerCase(Locale.ROOT), Order.valueOf(sort.toUpperCase(Locale.ROOT)), now);
            ObjectNode view = head(seen, now).put("total", hosts.size());
            ArrayNode list = view.putArray("hosts");
            hosts.stream().limit(limit).forEach(host -> list.add(HostJson.row(host)));
            return Response.ok(view);
        });
    }

    private Mono<Response> read(Call call) {
        String asked = call.path("host").toLowerCase(Locale.ROOT);
        List<String> names = asked.matches(".*:[0-9]{1,5}") ? List.of(asked) : List.of(asked + ":443", asked + ":80");
        return seen().map(seen -> names.stream()
                .filter(name -> !seen.of(name).isEmpty())
                .findFirst()
                .map(name -> Response.ok(view(seen, name)))
                .orElseThrow(() -> ApiProblem.notFound("host " + asked
                        + " among those that gateways know: they forget one ten minutes after its last attempt")));
    }

    private ObjectNode view(HostsSeen seen, String name) {
        Map<String, HostReport> views = seen.of(name);
        ObjectNode view = head(seen, clock.millis());
        view.setAll(HostJson.row(views.values().stream().reduce(HostReport::and).orElseThrow()));
        ArrayNode list = view.putArray("by_gateway");
        views.forEach((gateway, report) -> list.add(HostJson.whole(gateway, report)));
        return view;
    }

    private Mono<HostsSeen> seen() {
        return insight.seen().get().subscribeOn(work).publishOn(work);
    }

    private static ObjectNode head(HostsSeen seen, long now) {
        ObjectNode view = JsonNodeFactory.instance.objectNode().put("at", now).put("gateway", seen.gateway());
        ArrayNode alive = view.putArray("gateways");
        seen.alive().stream().limit(StateJson.MOST_LANES).forEach(name -> alive.add(name));
        ArrayNode heard = view.putArray("heard");
        seen.byGateway().keySet().forEach(name -> heard.add(name));
        return view.put("window_ms", HostsSeen.WINDOW.toMillis());
    }
}
