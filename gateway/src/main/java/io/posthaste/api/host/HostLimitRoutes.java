package io.posthaste.api.host;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.api.check.SaveCheck;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.store.rate.HostRate;
import io.posthaste.store.rate.HostRateCodec;
import io.posthaste.store.rate.HostRates;
import java.util.List;
import reactor.core.publisher.Mono;

/** Limits of hosts over all gateways: set, shown, taken away. */
public final class HostLimitRoutes {
    private static final String ALL = "/v1/host-limits";
    private static final String ONE = ALL + "/{host}";

    private final HostRates rates;
    private final SaveCheck check;
    private final HostRateCodec codec = new HostRateCodec();
    private final StrictJson json = new StrictJson();

    public HostLimitRoutes(HostRates rates, SaveCheck check) {
        this.rates = rates;
        this.check = check;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", ALL, Access.READ, this::list),
                Route.of("PUT", ONE, Access.ADMIN, this::replace),
                Route.of("GET", ONE, Access.READ, this::read),
                Route.of("DELETE", ONE, Access.ADMIN, this::delete));
    }

    private Mono<Response> list(Call call) {
        return rates.refresh().then(Mono.fromSupplier(() -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ArrayNode list = body.putArray("host_limits");
            rates.all().forEach(rate -> list.add(view(rate)));
            return Response.ok(body);
        }));
    }

    private Mono<Response> replace(Call call) {
        HostRateCodec.Reading reading = codec.read(host(call), json.read(call.body()));
        ApiProblem.throwIfAny(reading.problems());
        return rates.save(reading.rate())
                .switchIfEmpty(Mono.error(HostLimitRoutes::full))
                .map(saved -> Response.json(saved.version() == 1 ? 201 : 200, view(saved)));
    }

    private Mono<Response> read(Call call) {
        String host = host(call);
        return rates.refresh()
                .then(Mono.defer(() -> Mono.justOrEmpty(rates.get(host))))
                .switchIfEmpty(Mono.error(() -> notFound(host)))
                .map(rate -> Response.ok(view(rate)));
    }

    private Mono<Response> delete(Call call) {
        String host = host(call);
        return rates.delete(host)
                .filter(deleted -> deleted)
                .switchIfEmpty(Mono.error(() -> notFound(host)))
                .thenReturn(Response.empty(204));
    }

    /** As deliveries name it, however it is written. */
    private String host(Call call) {
        String written = call.path("host");
        String host = check.hostName(written);
        if (host == null) {
            throw ApiProblem.invalid(List.of(Problem.of(
                    "host",
                    "is '" + written + "'",
                    "a host name or IP address, with a port or without: api.example.com")));
        }
        return host;
    }

    private static ApiProblem full() {
        return new ApiProblem(
                Kind.CONFLICT,
                "there are " + HostRates.MOST + " limits of hosts, which is the most; delete some first");
    }

    private static ApiProblem notFound(String host) {
        return ApiProblem.notFound("limit of host " + host);
    }

    private ObjectNode view(HostRate rate) {
        ObjectNode view = JsonNodeFactory.instance.objectNode().put("host", rate.host());
        view.setAll(codec.write(rate));
        return view.put("version", rate.version())
                .put("created_at", rate.createdAtMillis())
                .put("updated_at", rate.updatedAtMillis());
    }
}
