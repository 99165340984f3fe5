package io.posthaste.api.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.Call;
import io.posthaste.http.Query;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.SecretValues;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Deliveries.Quarantined;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Inbox entries that are no jobs. */
public final class QuarantineRoutes {
    private final Deliveries deliveries;
    private final Supplier<SecretValues> known;
    private final Scheduler work;

    /** @param known hides what somebody put into an entry by mistake */
    public QuarantineRoutes(Deliveries deliveries, Supplier<SecretValues> known, Scheduler work) {
        this.deliveries = deliveries;
        this.known = known;
        this.work = work;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/v1/quarantine", Access.READ, this::list).knowing("limit", "cursor"),
                Route.of("DELETE", "/v1/quarantine/{entry}", Access.OPERATE, this::drop));
    }

    private Mono<Response> list(Call call) {
        int limit = Query.limit(call);
        String cursor = Query.cursor(call);
        if (cursor != null && !isEntry(cursor)) {
            throw Query.badCursor();
        }
        return deliveries.quarantine(cursor, limit).publishOn(work).map(entries -> Response.ok(page(entries, limit)));
    }

    private Mono<Response> drop(Call call) {
        String entry = call.path("entry");
        Mono<Boolean> dropped = isEntry(entry) ? deliveries.dropQuarantined(entry) : Mono.just(false);
        return dropped.filter(found -> found)
                .switchIfEmpty(Mono.error(() -> ApiProblem.notFound("entry " + call.path("entry"))))
                .thenReturn(Response.empty(204));
    }

    /** The id of a stream entry. */
    private static boolean isEntry(String text) {
        return text.matches("[0-9]{1,20}-[0-9]{1,20}");
    }

    private ObjectNode page(List<Quarantined> entries, int limit) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode list = body.putArray("quarantine");
        SecretValues secrets = known.get();
        for (Quarantined entry : entries) {
            ObjectNode one = list.addObject().put("id", entry.cursor()).put("entry", entry.entry());
            one.put("reason", secrets.hide(entry.reason()));
            ArrayNode fields = one.putArray("fields");
            entry.fields().forEach(field -> fields.add(secrets.hide(field)));
        }
        return body.put(
                "cursor", entries.size() < limit ? null : entries.getLast().cursor());
    }
}
