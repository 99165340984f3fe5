package io.posthaste.api.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.job.Attempt;
import io.posthaste.job.AttributeUpdate;
import io.posthaste.job.Delivery;
import io.posthaste.job.DeliveryState;
import io.posthaste.job.Recipient;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.SecretValues;
import io.posthaste.json.Unknown;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.redact.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Deliveries and the queue as the API shows them. Times are epoch milliseconds, secrets are masked. */
public record DeliveryJson(Redaction redaction) {

    public ObjectNode of(Delivery delivery) {
        SecretValues secrets = redaction.secretsOf(delivery.request());
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", delivery.id()).put("action", delivery.action()).put("lane", delivery.lane());
        view.put("state", state(delivery));
        view.put("reason", secrets.hide(delivery.reason()));
        putUpdate(view, delivery.attributeUpdate());
        view.put("idempotency_key", delivery.key()).put("by", delivery.by());
        view.put("customer", known(delivery.recipient().customer()));
        view.put("host", known(delivery.recipient().host()));
        view.put("order", delivery.order())
                .put("waits_behind", known(delivery.standing().behind()));
        view.put("enqueued_at", delivery.enqueuedAtMillis()).put("updated_at", delivery.updatedAtMillis());
        Unknown.putTime(view, "next_attempt_at", delivery.nextAttemptAtMillis());
        ArrayNode attempts = view.putArray("attempts");
        delivery.attempts().forEach(attempt -> attempts.add(of(attempt, secrets)));
        RenderedRequest request = delivery.request();
        view.set("request", request == null ? JsonNodeFactory.instance.nullNode() : of(request, secrets));
        return view;
    }

    /** A delivery that was just enqueued. */
    public ObjectNode queued(Deliveries.NewJob job, long nowMillis) {
        return of(new Delivery(
                job.id(),
                new Delivery.Asked(
                        Objects.requireNonNullElse(
                                job.target().lane(),
                                Objects.requireNonNullElse(job.target().action(), "")),
                        job.target().action(),
                        Objects.requireNonNullElse(job.handling().key(), job.id()),
                        job.handling().by(),
                        job.handling().order(),
                        nowMillis),
                Recipient.UNKNOWN,
                new Delivery.Standing(
                        DeliveryState.QUEUED,
                        "",
                        Math.max(nowMillis, job.atMillis()),
                        nowMillis,
                        AttributeUpdate.State.NONE),
                List.of(),
                false,
                null));
    }

    private static ObjectNode of(Attempt attempt, SecretValues secrets) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("number", attempt.number()).put("at", attempt.startedAtMillis());
        if (attempt.status() == 0) {
            view.putNull("status");
        } else {
            view.put("status", attempt.status());
        }
        view.put("duration_ms", attempt.elapsedMillis());
        view.put("reason", secrets.hide(attempt.reason()));
        view.put("response", secrets.hide(attempt.excerpt()));
        Attempt.Details details = attempt.details();
        view.set("exchange", details == null ? JsonNodeFactory.instance.nullNode() : ExchangeJson.of(details));
        return view;
    }

    /** A request, its secrets masked. */
    public ObjectNode of(RenderedRequest request) {
        return of(request, redaction.secretsOf(request));
    }

    private ObjectNode of(RenderedRequest request, SecretValues secrets) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("method", request.method()).put("url", secrets.hide(redaction.maskedUrl(request.url())));
        ArrayNode headers = view.putArray("headers");
        request.headers().stream()
                .map(redaction::masked)
                .forEach(header ->
                        headers.addObject().put("name", header.name()).put("value", secrets.hide(header.value())));
        return view.put("body", secrets.hide(new String(request.body(), StandardCharsets.UTF_8)));
    }

    /** A page under the name of what it lists. */
    public ObjectNode of(String name, Deliveries.Page page) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode list = body.putArray(name);
        page.deliveries().forEach(delivery -> list.add(of(delivery)));
        return body.put("cursor", page.cursor());
    }

    String state(Delivery delivery) {
        return delivery.state().name().toLowerCase(Locale.ROOT);
    }

    String reason(Delivery delivery) {
        return redaction.secretsOf(delivery.request()).hide(delivery.reason());
    }

    private static @Nullable String known(String text) {
        return text.isEmpty() ? null : text;
    }

    private static void putUpdate(ObjectNode view, AttributeUpdate.State update) {
        if (update != AttributeUpdate.State.NONE) {
            view.put("attribute_update", update.name().toLowerCase(Locale.ROOT));
        }
    }
}
