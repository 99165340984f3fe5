package io.posthaste.api.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.metrics.LogSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** How much this gateway logs; it starts again as configured. */
public final class LogRoutes {
    private static final String LOG = "/v1/log";
    private static final Map<String, String> LEVELS = levels();

    private final StrictJson json = new StrictJson();

    private static Map<String, String> levels() {
        Map<String, String> levels = new LinkedHashMap<>();
        List.of("error", "warn", "info", "debug").forEach(level -> levels.put(level, level));
        return levels;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", LOG, Access.READ, call -> Mono.fromSupplier(LogRoutes::shown)),
                Route.of("PUT", LOG, Access.ADMIN, this::change));
    }

    private Mono<Response> change(Call call) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", json.read(call.body()), problems);
        String level = fields.oneOf("level", LEVELS, "info");
        fields.finish();
        ApiProblem.throwIfAny(problems);
        LogSettings.setLevel(level);
        return Mono.just(shown());
    }

    private static Response shown() {
        return Response.ok(JsonNodeFactory.instance.objectNode().put("level", LogSettings.level()));
    }
}
