package io.posthaste.api.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.Surroundings;
import io.posthaste.http.Access;
import io.posthaste.http.ApiProblem;
import io.posthaste.http.ApiProblem.Kind;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.Ids;
import io.posthaste.metrics.ActionTally.Figure;
import io.posthaste.queue.upkeep.ActionFigures;
import io.posthaste.queue.upkeep.ActionFigures.Bucket;
import io.posthaste.queue.upkeep.ActionFigures.Period;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import reactor.core.publisher.Mono;

/** How an action, or all of them, have been doing: what became of deliveries, and how receivers answered, by period. */
public final class FigureRoutes {
    private static final Map<String, Period> PERIODS = Map.of("hour", Period.HOUR, "day", Period.DAY);
    private static final Map<Figure, String> ANSWERS = Map.of(
            Figure.ANSWER_2XX, "2xx",
            Figure.ANSWER_3XX, "3xx",
            Figure.ANSWER_4XX, "4xx",
            Figure.ANSWER_5XX, "5xx",
            Figure.NO_ANSWER, "none");

    /** By their names: what is looked back over, in periods that make a chart of it. */
    private static final Map<String, Period> SPANS =
            Map.of("15m", Period.MINUTE, "24h", Period.HOUR, "7d", Period.QUARTER);

    private final Backends backends;
    private final Surroundings surroundings;

    public FigureRoutes(Backends backends, Surroundings surroundings) {
        this.backends = backends;
        this.surroundings = surroundings;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/v1/actions/{id}/metrics", Access.READ, this::read)
                        .knowing("period"),
                Route.of("GET", "/v1/figures", Access.READ, this::lookBack).knowing("span", "action"));
    }

    private Mono<Response> lookBack(Call call) {
        String span = call.query().getOrDefault("span", "24h");
        Period period = SPANS.get(span);
        if (period == null) {
            throw new ApiProblem(Kind.BAD_REQUEST, "span: give 15m, 24h or 7d");
        }
        String action = call.query().get("action");
        if (action != null && !Ids.isId(action)) {
            throw new ApiProblem(Kind.BAD_REQUEST, "action: give an action's id, or leave it out for all of them");
        }
        if (action != null && period == Period.MINUTE) {
            throw new ApiProblem(
                    Kind.BAD_REQUEST, "action: minutes are kept of all actions together; give span=24h or 7d");
        }
        long now = surroundings.clock().millis();
        return backends.queue()
                .figures()
                .of(action == null ? ActionFigures.ALL : action, period, now)
                .publishOn(surroundings.work())
                .map(buckets -> Response.ok(SpanJson.of(span, action, period, now, buckets)));
    }

    private Mono<Response> read(Call call) {
        String named = call.query().getOrDefault("period", "hour");
        Period period = PERIODS.get(named);
        if (period == null) {
            throw new ApiProblem(Kind.BAD_REQUEST, "period: hour or day");
        }
        return backends.action(call.path("id"))
                .flatMap(action -> backends.queue()
                        .figures()
                        .of(action.id(), period, surroundings.clock().millis()))
                .publishOn(surroundings.work())
                .map(buckets -> Response.ok(view(call.path("id"), named, buckets)));
    }

    private static ObjectNode view(String action, String period, List<Bucket> buckets) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("action", action).put("period", period);
        Map<Figure, Long> total = new EnumMap<>(Figure.class);
        buckets.forEach(bucket -> bucket.figures().forEach((figure, count) -> total.merge(figure, count, Long::sum)));
        put(view.putObject("total"), total);
        ArrayNode list = view.putArray("periods");
        for (Bucket bucket : buckets) {
            put(list.addObject().put("at", bucket.atMillis()), bucket.figures());
        }
        return view;
    }

    static void put(ObjectNode view, Map<Figure, Long> figures) {
        ObjectNode answers = JsonNodeFactory.instance.objectNode();
        for (Figure figure : Figure.values()) {
            String answer = ANSWERS.get(figure);
            long count = figures.getOrDefault(figure, 0L);
            if (answer == null) {
                view.put(figure.name().toLowerCase(Locale.ROOT), count);
            } else {
                answers.put(answer, count);
            }
        }
        view.set("answers", answers);
    }
}
