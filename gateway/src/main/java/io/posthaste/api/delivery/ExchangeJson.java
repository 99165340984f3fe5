package io.posthaste.api.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Trip;
import java.util.List;

/** What is kept of an attempt beside its outcome; secrets were masked before it was kept. */
final class ExchangeJson {
    private ExchangeJson() {}

    static ObjectNode of(Attempt.Details details) {
        Trip trip = details.trip();
        ObjectNode view = JsonNodeFactory.instance.objectNode().put("gateway", details.gateway());
        view.put("address", trip.address().isEmpty() ? null : trip.address()).put("reused", trip.reused());
        putMillis(view, "wait_ms", trip.waitMillis());
        putMillis(view, "connect_ms", trip.connectMillis());
        putMillis(view, "tls_ms", trip.tlsMillis());
        putMillis(view, "first_byte_ms", trip.firstByteMillis());
        putAll(view.putArray("request_headers"), trip.sent());
        putAll(view.putArray("response_headers"), details.answered());
        return view;
    }

    private static void putMillis(ObjectNode view, String name, long millis) {
        if (millis < 0) {
            view.putNull(name);
        } else {
            view.put(name, millis);
        }
    }

    private static void putAll(ArrayNode list, List<Header> headers) {
        headers.forEach(header -> list.addObject().put("name", header.name()).put("value", header.value()));
    }
}
