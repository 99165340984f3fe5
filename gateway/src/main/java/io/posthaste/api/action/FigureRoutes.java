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
import io.posthaste.metrics.ActionTally.Figure;
import io.posthaste.queue.upkeep.ActionFigures.Bucket;
import io.posthaste.queue.upkeep.ActionFigures.Period;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import reactor.core.publisher.Mono;

/** How an action has been doing: what became of its deliveries, and how receivers answered, by hour or day. */
public final class FigureRoutes {
    private static final Map<String, Period> PERIODS = Map.of("hour", Period.HOUR, "day", Period.DAY);
    private static final Map<Figure, String> ANSWERS = Map.of(
            Figure.ANSWER_2XX, "2xx",
            Figure.ANSWER_3XX, "3xx",
            Figure.ANSWER_4XX, "4xx",
            Figure.ANSWER_5XX, "5xx",
            Figure.NO_ANSWER, "none");

    private final Backends backends;
    private final Surroundings surroundings;

    public FigureRoutes(Backends backends, Surroundings surroundings) {
        this.backends = backends;
        this.surroundings = surroundings;
    }

    public List<Route> routes() {
        return List.of(Route.of("GET", "/v1/actions/{id}/metrics", Access.READ, this::read)
                .knowing("period"));
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

    private static void put(ObjectNode view, Map<Figure, Long> figures) {
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
