package io.posthaste.api.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.json.Unknown;
import io.posthaste.metrics.AnswerTimes;
import io.posthaste.metrics.Percentiles;
import io.posthaste.queue.upkeep.ActionFigures.Bucket;
import io.posthaste.queue.upkeep.ActionFigures.Period;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the last hours or days brought. Times are epoch milliseconds, durations milliseconds. */
final class SpanJson {
    private SpanJson() {}

    /** @param action null for all of them */
    static ObjectNode of(String span, @Nullable String action, Period period, long now, List<Bucket> buckets) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("span", span).put("action", action).put("at", now).put("period_ms", period.millis());
        view.set("total", figures(buckets.stream().reduce(Bucket::and).orElseThrow()));
        ArrayNode list = view.putArray("periods");
        for (Bucket bucket : buckets) {
            ObjectNode one = list.addObject().put("at", bucket.atMillis());
            one.set("figures", bucket.kept() ? figures(bucket) : null);
        }
        return view;
    }

    private static ObjectNode figures(Bucket bucket) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        FigureRoutes.put(view, bucket.figures());
        Percentiles took = AnswerTimes.percentiles(bucket.times());
        Unknown.putCount(view, "p50_ms", took.p50());
        Unknown.putCount(view, "p95_ms", took.p95());
        Unknown.putCount(view, "p99_ms", took.p99());
        return view;
    }
}
