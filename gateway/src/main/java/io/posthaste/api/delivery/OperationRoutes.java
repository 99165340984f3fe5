package io.posthaste.api.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.queue.upkeep.Operations;
import io.posthaste.queue.upkeep.Operations.Operation;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What is done to many deliveries in the background: how far it is, and an end to it. */
public final class OperationRoutes {
    private static final String ALL = "/v1/operations";
    private static final String ONE = ALL + "/{id}";

    private final Operations operations;
    private final Scheduler work;

    public OperationRoutes(Operations operations, Scheduler work) {
        this.operations = operations;
        this.work = work;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", ALL, Access.READ, this::list),
                Route.of("GET", ONE, Access.READ, this::read),
                Route.of("POST", ONE + "/cancel", Access.OPERATE, this::cancel));
    }

    private Mono<Response> list(Call call) {
        return operations.list().publishOn(work).map(all -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ArrayNode list = body.putArray("operations");
            all.forEach(operation -> list.add(view(operation)));
            return Response.ok(body);
        });
    }

    private Mono<Response> read(Call call) {
        return existing(call).map(operation -> Response.ok(view(operation)));
    }

    private Mono<Response> cancel(Call call) {
        return existing(call)
                .flatMap(operation -> operations.cancel(operation.id()))
                .filter(cancelled -> cancelled)
                .switchIfEmpty(Mono.error(() -> new ApiProblem(Kind.CONFLICT, "this operation is not running")))
                .then(Mono.defer(() -> read(call)));
    }

    private Mono<Operation> existing(Call call) {
        return operations
                .find(call.path("id"))
                .switchIfEmpty(Mono.error(() -> ApiProblem.notFound("operation " + call.path("id"))));
    }

    /** What starting one answers; too many at a time are refused. */
    static Mono<Response> started(Mono<Operation> started) {
        return started.switchIfEmpty(
                        Mono.error(() -> new ApiProblem(Kind.CONFLICT, "100 operations run already; cancel one first")))
                .map(operation -> {
                    ObjectNode body = JsonNodeFactory.instance
                            .objectNode()
                            .put("count", operation.progress().matched());
                    body.set("operation", view(operation));
                    return Response.json(202, body);
                });
    }

    private static ObjectNode view(Operation operation) {
        ObjectNode view = JsonNodeFactory.instance.objectNode().put("id", operation.id());
        view.put("kind", operation.scope().kind().name().toLowerCase(Locale.ROOT));
        view.put("action", operation.scope().action())
                .put("reason", operation.scope().reason());
        view.put("state", operation.state());
        view.put(
                "count",
                operation.progress().matched() < 0
                        ? null
                        : Long.valueOf(operation.progress().matched()));
        view.put("done", operation.progress().done())
                .put("per_second", operation.progress().perSecond());
        view.put("created_at", operation.createdAtMillis());
        return view.put("updated_at", operation.updatedAtMillis());
    }
}
