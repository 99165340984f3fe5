package io.posthaste.api.shards;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.queue.reshape.ShardCount;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.layout.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** How many shards there are, and their change: asked for here, made by the gateways, however this one ends. */
public final class ShardRoutes {
    private static final String PATH = "/v1/shards";

    private final ShardCount shards;
    private final Scheduler work;
    private final StrictJson json = new StrictJson();

    public ShardRoutes(ShardCount shards, Scheduler work) {
        this.shards = shards;
        this.work = work;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", PATH, Access.READ, this::read),
                Route.of("POST", PATH, Access.ADMIN, this::change),
                Route.of("POST", PATH + "/pause", Access.ADMIN, this::pause));
    }

    private Mono<Response> read(Call call) {
        return answered(200, shards.state());
    }

    private Mono<Response> change(Call call) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", json.read(call.body()), problems);
        Integer count = fields.integer("count", 0, 1, Integer.MAX_VALUE);
        fields.finish();
        if (!fields.has("count") && problems.isEmpty()) {
            fields.problem("count", "is missing", "say how many shards there are to be");
        }
        ApiProblem.throwIfAny(problems);
        return answered(202, shards.change(Objects.requireNonNull(count)));
    }

    private Mono<Response> pause(Call call) {
        return answered(202, shards.pause());
    }

    private Mono<Response> answered(int status, Mono<ShardCount.State> state) {
        return state.publishOn(work)
                .map(now -> Response.json(status, view(now)))
                .onErrorMap(ShardCount.Refused.class, ShardRoutes::problem);
    }

    private static ApiProblem problem(ShardCount.Refused refused) {
        String why = String.valueOf(refused.getMessage());
        return refused.later()
                ? new ApiProblem(Kind.CONFLICT, why)
                : ApiProblem.invalid(List.of(Problem.of("count", why, "POST /v1/shards with a number that can be")));
    }

    private static ObjectNode view(ShardCount.State state) {
        Layout layout = state.layout();
        ObjectNode view =
                JsonNodeFactory.instance.objectNode().put("count", layout.now().count());
        layout.now().all().stream().map(RedisKeys::tag).forEach(view.putArray("tags")::add);
        view.put("phase", layout.phase().name().toLowerCase(Locale.ROOT));
        if (!layout.isChanging()) {
            return view.putNull("change");
        }
        ObjectNode change = view.putObject("change");
        change.put("from", layout.from().count()).put("to", layout.to().count()).put("paused", layout.paused());
        change.put("people", state.people()).put("lines", state.lines());
        state.waitsFor().forEach(change.putArray("waits_for")::add);
        return view;
    }
}
