package io.posthaste.api.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.audit.AuditEvent;
import io.posthaste.http.Access;
import io.posthaste.http.Call;
import io.posthaste.http.Query;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.store.audit.AuditStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Who changed or decided what. */
public final class AuditRoutes {
    private final AuditStore audit;

    public AuditRoutes(AuditStore audit) {
        this.audit = audit;
    }

    public List<Route> routes() {
        return List.of(Route.of("GET", "/v1/audit", Access.READ, this::list)
                .knowing("who", "path", "since", "limit", "cursor", "format"));
    }

    private Mono<Response> list(Call call) {
        Predicate<AuditEvent> wanted = wanted(call);
        if (Query.isGiven(call, "format", "ndjson")) {
            return Mono.just(Response.lines(audit.all(wanted).map(AuditRoutes::line)));
        }
        String cursor = Query.cursor(call);
        if (cursor != null && !AuditStore.isCursor(cursor)) {
            throw Query.badCursor();
        }
        return audit.page(cursor, Query.limit(call), wanted)
                .map(page -> Response.ok(page(page.events(), page.cursor())));
    }

    private static Predicate<AuditEvent> wanted(Call call) {
        String who = call.query().get("who");
        String path = call.query().get("path");
        long since = Query.time(call, "since");
        return event -> (who == null || event.who().equals(who))
                && (path == null || event.subject().path().startsWith(path))
                && event.atMillis() >= since;
    }

    private static ObjectNode page(List<AuditEvent> events, @Nullable String cursor) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode list = body.putArray("audit");
        events.forEach(event -> list.add(json(event)));
        return body.put("cursor", cursor);
    }

    private static byte[] line(AuditEvent event) {
        return (json(event) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode json(AuditEvent event) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("at", event.atMillis())
                .put("request_id", event.requestId())
                .put("who", event.who())
                .put("from", event.from())
                .put("method", event.subject().method())
                .put("path", event.subject().path())
                .put("status", event.status());
        json.put("version_before", event.version() > 1 ? Long.valueOf(event.version() - 1) : null);
        return json.put("version", event.version() > 0 ? Long.valueOf(event.version()) : null);
    }
}
