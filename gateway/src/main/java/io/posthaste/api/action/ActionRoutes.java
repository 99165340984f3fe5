package io.posthaste.api.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.action.Action;
import io.posthaste.action.LaneLimits;
import io.posthaste.api.check.Advice;
import io.posthaste.api.check.SaveCheck;
import io.posthaste.api.check.VaultReferences;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.Surroundings;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.Call;
import io.posthaste.http.Query;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.redact.Redaction;
import io.posthaste.store.action.ActionCodec;
import io.posthaste.store.action.ActionReading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What the API does with actions. */
public final class ActionRoutes {
    private static final String ONE = "/v1/actions/{id}";

    private final Backends backends;
    private final VaultReferences references;
    private final SaveCheck check;
    private final Redaction redaction;
    private final Supplier<String> newIds;
    private final Scheduler work;
    private final ActionCodec codec = new ActionCodec();
    private final StrictJson json = new StrictJson();

    public ActionRoutes(Backends backends, SaveCheck check, Redaction redaction, Surroundings surroundings) {
        this.backends = backends;
        this.references = new VaultReferences(backends.vault());
        this.check = check;
        this.redaction = redaction;
        this.newIds = surroundings.ids();
        // Pages are put together and samples are rendered there: neither Redis' thread nor the server's may.
        this.work = surroundings.work();
    }

    public List<Route> routes() {
        return List.of(
                Route.of("PUT", ONE, Access.ADMIN, this::replace).knowing("allow"),
                Route.of("GET", ONE, Access.READ, this::read),
                Route.of("DELETE", ONE, Access.ADMIN, this::delete),
                Route.of("GET", "/v1/actions", Access.READ, this::list).knowing("limit", "cursor"),
                Route.of("GET", ONE + "/versions", Access.READ, this::versions),
                Route.of("POST", ONE + "/pause", Access.OPERATE, this::pause),
                Route.of("POST", ONE + "/resume", Access.OPERATE, this::resume));
    }

    private Mono<Response> replace(Call call) {
        boolean mayBeInvalid = Query.isGiven(call, "allow", "invalid-json");
        return Mono.fromSupplier(() -> checked(call, mayBeInvalid))
                .subscribeOn(work)
                .flatMap(reading -> store(call, reading));
    }

    private ActionReading checked(Call call, boolean mayBeInvalid) {
        ActionReading reading = codec.read(call.path("id"), json.read(call.body()));
        List<Problem> problems = new ArrayList<>(check.problems(reading));
        List<Problem> doubts = problems.isEmpty() ? check.doubts(reading.action()) : List.of();
        if (!mayBeInvalid) {
            problems.addAll(doubts);
        }
        ApiProblem.throwIfAny(problems);
        return reading.with(doubts);
    }

    private Mono<Response> store(Call call, ActionReading reading) {
        return backends.store()
                .save(reading.valid())
                .delayUntil(saved ->
                        announce(saved.id(), saved.limits(), saved.retry().timeout(), saved.onFailure()))
                .delayUntil(saved -> saved.sending() == Action.Sending.OFF
                        ? cancelRetries(saved.id(), "action is off")
                        : Mono.empty())
                .map(saved -> Response.json(saved.version() == 1 ? 201 : 200, view(saved, call, reading.warnings())));
    }

    /** Before the caller hears of it: their next job must meet what was just stored, not what is remembered. */
    private Mono<Void> announce(String id, LaneLimits limits, @Nullable Duration timeout, Action.OnFailure onFailure) {
        return backends.queue()
                .deliveries()
                .setLaneLimits(id, limits, timeout, onFailure)
                .then(backends.actions().refresh());
    }

    /** What waits for another attempt would otherwise hold its person for hours (M67). */
    private Mono<Void> cancelRetries(String id, String reason) {
        return backends.queue().operations().cancelRetries(newIds.get(), id, reason);
    }

    private Mono<Response> read(Call call) {
        return backends.action(call.path("id")).map(action -> Response.ok(view(action, call, List.of())));
    }

    private Mono<Response> delete(Call call) {
        return backends.store()
                .delete(call.path("id"))
                .filter(deleted -> deleted)
                .switchIfEmpty(Mono.error(() -> Backends.unknownAction(call.path("id"))))
                .delayUntil(deleted -> announce(call.path("id"), LaneLimits.DEFAULT, null, Action.OnFailure.CONTINUE))
                .delayUntil(deleted -> cancelRetries(call.path("id"), "action was deleted"))
                .thenReturn(Response.empty(204));
    }

    private Mono<Response> list(Call call) {
        return backends.store()
                .list(Query.cursor(call), Query.limit(call))
                .publishOn(work)
                .map(page -> Response.ok(views("actions", page.actions(), call).put("cursor", page.cursor())));
    }

    private Mono<Response> versions(Call call) {
        return backends.store()
                .versions(call.path("id"))
                .publishOn(work)
                .filter(versions -> !versions.isEmpty())
                .switchIfEmpty(Mono.error(() -> Backends.unknownAction(call.path("id"))))
                .map(versions -> Response.ok(views("versions", versions, call)));
    }

    private Mono<Response> pause(Call call) {
        return backends.action(call.path("id"))
                .delayUntil(action -> backends.queue().deliveries().pause(action.id()))
                .map(action -> paused(action, true));
    }

    private Mono<Response> resume(Call call) {
        return backends.action(call.path("id"))
                .delayUntil(action -> backends.queue().deliveries().resume(action.id()))
                .map(action -> paused(action, false));
    }

    private static Response paused(Action action, boolean paused) {
        return Response.ok(
                JsonNodeFactory.instance.objectNode().put("id", action.id()).put("paused", paused));
    }

    private ObjectNode views(String name, List<Action> actions, Call call) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode list = body.putArray(name);
        actions.forEach(action -> list.add(view(action, call, List.of())));
        return body;
    }

    /** An action as it is answered. Who may only look sees no credentials (SEC-2). */
    private ObjectNode view(Action action, Call call, List<Problem> fromReading) {
        ObjectNode view = JsonNodeFactory.instance.objectNode().put("id", action.id());
        view.setAll(codec.write(action));
        if (!call.access().includes(Access.OPERATE)) {
            mask(action, view);
        }
        view.put("version", action.version());
        view.put("created_at", action.createdAtMillis()).put("updated_at", action.updatedAtMillis());
        List<Problem> warnings = Stream.of(fromReading, Advice.on(action), references.unknown(action))
                .flatMap(List::stream)
                .toList();
        view.set("warnings", ApiProblem.list(warnings));
        return view;
    }

    private void mask(Action action, ObjectNode view) {
        view.put("url", redaction.maskedUrl(action.url()));
        ArrayNode headers = view.putArray("headers");
        action.headers().stream()
                .map(redaction::masked)
                .forEach(h -> headers.addObject().put("name", h.name()).put("value", h.value()));
    }
}
