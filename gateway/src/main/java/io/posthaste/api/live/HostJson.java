package io.posthaste.api.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.deliver.limit.HostStanding.Trouble;
import io.posthaste.host.HostReport;
import io.posthaste.json.Unknown;
import io.posthaste.metrics.HostActivity.Failure;
import io.posthaste.metrics.Percentiles;
import io.posthaste.send.peer.Certificate;
import io.posthaste.send.peer.Peer;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hosts as the API tells them. Times are epoch milliseconds, durations milliseconds. */
final class HostJson {
    private HostJson() {}

    /** In a list of many. */
    static ObjectNode row(HostReport host) {
        ObjectNode view = object().put("host", host.host());
        put(view, host);
        Unknown.putTime(view, "certificate_expires_at", host.certificateExpires());
        return view;
    }

    /** All that one gateway knows of it. */
    static ObjectNode whole(String gateway, HostReport host) {
        ObjectNode view = object().put("gateway", gateway);
        put(view, host);
        Peer peer = host.peer();
        view.put("idle", host.idle())
                .put("dials", peer.dials())
                .put("dial_failures", peer.failures())
                .put("protocol", peer.protocol());
        ArrayNode addresses = view.putArray("addresses");
        peer.addresses()
                .forEach(dialled ->
                        addresses.addObject().put("address", dialled.address()).put("at", dialled.at()));
        view.set("certificate", of(peer.certificate()));
        return view;
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static void put(ObjectNode view, HostReport host) {
        if (host.trouble() == Trouble.NONE) {
            view.putNull("trouble");
        } else {
            view.put("trouble", name(host.trouble()));
        }
        Unknown.putTime(view, "since", host.since());
        view.put("in_flight", host.inFlight())
                .put("limit", host.limit())
                .put("waiting", host.waiting())
                .put("connections", host.connections())
                .put("attempts", host.attempts())
                .put("failed", host.failed());
        Percentiles took = host.took();
        Unknown.putCount(view, "p50_ms", took.p50());
        Unknown.putCount(view, "p95_ms", took.p95());
        Unknown.putCount(view, "p99_ms", took.p99());
        ArrayNode errors = view.putArray("errors");
        host.errors().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(error ->
                        errors.addObject().put("reason", error.getKey()).put("count", error.getValue()));
        view.set("last_error", of(host.lastError()));
    }

    private static @Nullable ObjectNode of(@Nullable Failure failure) {
        return failure == null ? null : object().put("reason", failure.reason()).put("at", failure.at());
    }

    private static @Nullable ObjectNode of(@Nullable Certificate shown) {
        if (shown == null) {
            return null;
        }
        ObjectNode view = object().put("subject", shown.subject()).put("issuer", shown.issuer());
        view.put("begins_at", shown.begins())
                .put("expires_at", shown.expires())
                .put("sha256", shown.sha256())
                .put("seen_at", shown.seenAt());
        ArrayNode names = view.putArray("names");
        shown.names().forEach(names::add);
        return view.put("more_names", shown.more());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
