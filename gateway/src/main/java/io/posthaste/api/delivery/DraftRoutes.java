package io.posthaste.api.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.Surroundings;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.DeliveryState;
import io.posthaste.json.Fields;
import io.posthaste.json.Problem;
import io.posthaste.json.StrictJson;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.upkeep.Operations;
import io.posthaste.store.action.ActionCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Drafts: looked at, sent and discarded, one or up to a hundred at a time (M78, M81). */
public final class DraftRoutes {
    private static final int MOST_IDS = 100;
    private static final String ALL = "/v1/drafts";
    private static final String ONE = ALL + "/{id}";

    private final Deliveries deliveries;
    private final Operations operations;
    private final DeliveryJson shown;
    private final DraftComparison comparison;
    private final Supplier<String> newIds;
    private final Scheduler work;
    private final StrictJson json = new StrictJson();

    public DraftRoutes(Backends backends, DeliveryJson shown, Surroundings surroundings) {
        this.deliveries = backends.queue().deliveries();
        this.operations = backends.queue().operations();
        this.shown = shown;
        this.comparison = new DraftComparison(backends, shown, surroundings.work());
        this.newIds = surroundings.ids();
        this.work = surroundings.work();
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", ALL, Access.READ, this::list).knowing("action", "since", "limit", "cursor"),
                Route.of("POST", ALL + "/send", Access.OPERATE, this::sendMany),
                Route.of("POST", ALL + "/discard", Access.OPERATE, this::discardMany),
                Route.of("GET", ONE, Access.READ, this::look),
                Route.of("POST", ONE + "/send", Access.OPERATE, this::sendOne),
                Route.of("DELETE", ONE, Access.OPERATE, this::discardOne));
    }

    private Mono<Response> list(Call call) {
        return deliveries
                .list(DeliveryRoutes.query(call, DeliveryState.DRAFTED))
                .publishOn(work)
                .map(page -> Response.ok(shown.of("drafts", page)));
    }

    /** As it was made, and what has changed since. */
    private Mono<Response> look(Call call) {
        String id = call.path("id");
        return deliveries
                .draft(id)
                .zipWhen(job -> deliveries.find(id))
                .flatMap(found -> comparison.of(found.getT2(), found.getT1()))
                .map(Response::ok)
                .switchIfEmpty(Mono.error(() -> ApiProblem.notFound("draft " + id)));
    }

    private Mono<Response> sendMany(Call call) {
        return many(
                call, Operations.Kind.SEND, ids -> deliveries.sendDrafts(ids).map(sent -> count(202, "sent", sent)));
    }

    private Mono<Response> discardMany(Call call) {
        return many(
                call,
                Operations.Kind.DISCARD,
                ids -> deliveries.discardDrafts(ids).map(discarded -> count(200, "discarded", discarded)));
    }

    /** {@code {"ids": [...]}} at once, or {@code {"action": "..."}} in the background. */
    private Mono<Response> many(Call call, Operations.Kind kind, Function<List<String>, Mono<Response>> atOnce) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields("", json.read(call.body()), problems);
        if (!fields.has("action")) {
            List<String> ids = ids(fields, problems);
            requireNone(fields, problems);
            return atOnce.apply(ids);
        }
        Operations.Selection selection = SelectionReader.drafts(kind, fields);
        requireNone(fields, problems);
        return OperationRoutes.started(operations.start(newIds.get(), selection));
    }

    private static void requireNone(Fields fields, List<Problem> problems) {
        fields.finish();
        ApiProblem.throwIfAny(problems);
    }

    private Mono<Response> sendOne(Call call) {
        return one(call, deliveries::sendDrafts).map(sent -> count(202, "sent", sent));
    }

    private Mono<Response> discardOne(Call call) {
        return one(call, deliveries::discardDrafts).thenReturn(Response.empty(204));
    }

    private static Mono<Integer> one(Call call, Function<List<String>, Mono<Integer>> act) {
        return act.apply(List.of(call.path("id")))
                .filter(done -> done == 1)
                .switchIfEmpty(Mono.error(() -> ApiProblem.notFound("draft " + call.path("id"))));
    }

    private static Response count(int status, String name, int count) {
        return Response.json(status, JsonNodeFactory.instance.objectNode().put(name, count));
    }

    private static List<String> ids(Fields fields, List<Problem> problems) {
        fields.ignore("action");
        List<String> ids = fields.list("ids", List.of(), MOST_IDS, (at, node) -> id(fields, at, node));
        if (ids.isEmpty() && problems.isEmpty()) {
            fields.problem("ids", "is empty", "1 to " + MOST_IDS + " ids of drafts, or an action");
        }
        return ids;
    }

    private static @Nullable String id(Fields fields, String at, JsonNode node) {
        if (node.isTextual() && ActionCodec.isId(node.textValue())) {
            return node.textValue();
        }
        fields.add(Problem.of(at, "is " + Fields.kind(node), "give the id of a draft"));
        return null;
    }
}
