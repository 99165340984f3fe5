package io.posthaste.api.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.json.Unknown;
import io.posthaste.metrics.Activity;
import io.posthaste.metrics.Percentiles;
import io.posthaste.queue.browse.Deliveries.Depth;
import io.posthaste.queue.browse.Deliveries.Lane;
import io.posthaste.queue.browse.Deliveries.Schedule;
import io.posthaste.store.alert.Alert;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The state of the gateway as dashboards are told it. Times are epoch milliseconds, durations milliseconds. */
final class StateJson {
    /** Lanes that watchers are sent: those that hurt most. */
    static final int MOST_LANES = 100;

    private static final Activity.Lane QUIET = new Activity.Lane(0, 0, -1, new int[0], new int[0]);

    private record LaneNow(Lane queue, Activity.Lane activity) {
        /** What a person should see first: paused with work, failing, waiting longest, busy. */
        static final Comparator<LaneNow> BY_HURT = Comparator.<LaneNow>comparingInt(
                        lane -> lane.queue.paused() && lane.queue.waiting() > 0 ? 0 : 1)
                .thenComparing(
                        Comparator.<LaneNow>comparingDouble(LaneNow::failing).reversed())
                .thenComparing(Comparator.<LaneNow>comparingLong(lane -> lane.queue.due())
                        .reversed())
                .thenComparing(Comparator.<LaneNow>comparingInt(lane -> lane.activity.sent())
                        .reversed());

        private double failing() {
            int attempts = activity.sent() + activity.unsuccessful();
            return attempts == 0 ? 0 : (double) activity.unsuccessful() / attempts;
        }
    }

    private StateJson() {}

    static ObjectNode of(long now, Insight insight, Depth depth, @Nullable Schedule schedule, int mostLanes) {
        Readiness readiness = insight.readiness().get();
        ObjectNode view =
                object().put("at", now).put("ready", readiness.ready()).put("reason", readiness.reason());
        putDepth(view, depth);
        List<LaneNow> lanes = lanes(depth, insight.activity().lanes());
        view.put("lanes_total", lanes.size());
        ArrayNode shown = view.putArray("lanes");
        lanes.stream().sorted(LaneNow.BY_HURT).limit(mostLanes).forEach(lane -> shown.add(of(lane)));
        ArrayNode hosts = view.putArray("limiting_hosts");
        insight.hosts().get().stream()
                .limit(MOST_LANES)
                .forEach(host -> hosts.addObject()
                        .put("host", host.host())
                        .put("in_flight", host.inFlight())
                        .put("limit", host.limit()));
        view.put("gateway", insight.gateway());
        ArrayNode gateways = view.putArray("gateways");
        insight.gateways().get().stream().limit(MOST_LANES).forEach(gateways::add);
        ArrayNode alerts = view.putArray("alerts");
        insight.alerts().get().stream().limit(MOST_LANES).forEach(alert -> alerts.add(of(alert)));
        view.set("schedule", schedule == null ? JsonNodeFactory.instance.nullNode() : of(schedule));
        return view;
    }

    private static void putDepth(ObjectNode view, Depth depth) {
        view.put("queue_at", depth.atMillis()).put("inbox", depth.inbox().entries());
        Unknown.putTime(view, "oldest_inbox_at", depth.inbox().oldestMillis());
        view.put("leased", depth.totals().leased()).put("failed", depth.totals().failed());
        view.put("drafted", depth.totals().drafted())
                .put("quarantined", depth.totals().quarantined());
    }

    /** Lanes with jobs, and lanes with attempts. */
    private static List<LaneNow> lanes(Depth depth, Map<String, Activity.Lane> active) {
        Set<String> queued = new HashSet<>();
        depth.lanes().forEach(lane -> queued.add(lane.name()));
        Stream<LaneNow> waiting =
                depth.lanes().stream().map(lane -> new LaneNow(lane, active.getOrDefault(lane.name(), QUIET)));
        Stream<LaneNow> idle = active.entrySet().stream()
                .filter(lane -> !queued.contains(lane.getKey()))
                .map(lane -> new LaneNow(new Lane(lane.getKey(), 0, 0, 0, 0, false), lane.getValue()));
        return Stream.concat(waiting, idle).toList();
    }

    private static ObjectNode of(Alert alert) {
        return object().put("kind", alert.kind().begins())
                .put("subject", alert.subject())
                .put("reason", alert.reason())
                .put("since", alert.sinceMillis());
    }

    private static ObjectNode of(LaneNow lane) {
        ObjectNode view = object().put("name", lane.queue.name());
        view.put("waiting", lane.queue.waiting()).put("due", lane.queue.due()).put("in_flight", lane.queue.inFlight());
        Unknown.putTime(view, "oldest_due_at", lane.queue.oldestDueMillis());
        view.put("held", lane.queue.held());
        view.put("paused", lane.queue.paused());
        view.put("paused_because", lane.queue.pausedBecause());
        view.put("sent", lane.activity.sent()).put("unsuccessful", lane.activity.unsuccessful());
        Unknown.putCount(view, "mean_ms", lane.activity.meanMillis());
        putAll(view.putArray("sent_steps"), lane.activity.sentSteps());
        putAll(view.putArray("unsuccessful_steps"), lane.activity.unsuccessfulSteps());
        return view;
    }

    private static ObjectNode of(Schedule schedule) {
        ObjectNode view = object().put("at", schedule.atMillis());
        view.put("overdue", schedule.overdue()).put("later", schedule.later());
        ArrayNode minutes = view.putArray("minutes");
        for (long step : schedule.steps()) {
            minutes.add(step);
        }
        return view;
    }

    static ObjectNode of(Activity.Second second) {
        ObjectNode view = object().put("at", second.at());
        view.put("delivered", second.delivered())
                .put("retried", second.retried())
                .put("failed", second.failed());
        put(view, "answer", second.answer());
        put(view, "arrival", second.arrival());
        view.put("in_flight", second.levels().inFlight())
                .put("waiting", second.levels().waiting());
        return view.put("oldest_waiting_ms", second.levels().oldestWaitingMillis());
    }

    /** The same fields, each as a list: a quarter of the bytes. */
    static ObjectNode columns(List<Activity.Second> seconds) {
        ObjectNode columns = object();
        for (Activity.Second second : seconds) {
            of(second)
                    .properties()
                    .forEach(field -> columns.withArray(field.getKey()).add(field.getValue()));
        }
        return columns;
    }

    private static void put(ObjectNode view, String name, Percentiles millis) {
        Unknown.putCount(view, name + "_p50", millis.p50());
        Unknown.putCount(view, name + "_p95", millis.p95());
        Unknown.putCount(view, name + "_p99", millis.p99());
    }

    private static void putAll(ArrayNode list, int[] numbers) {
        for (int number : numbers) {
            list.add(number);
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
