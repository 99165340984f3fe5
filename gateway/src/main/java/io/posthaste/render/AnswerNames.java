package io.posthaste.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.job.Header;
import io.posthaste.job.Reply;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.RenderException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the templates of response attributes see beside the job's data: the answer, and the person as they are now (M69, M70). */
final class AnswerNames implements Function<String, Object> {
    private final Reply.Answered reply;
    private final Object customer;
    private final Function<String, Object> others;
    private @Nullable Object response;
    private boolean isText;

    AnswerNames(Reply.Answered reply, Object customer, Function<String, Object> others) {
        this.reply = reply;
        this.customer = customer;
        this.others = others;
    }

    @Override
    public Object apply(String name) {
        return switch (name) {
            case "response" -> response();
            case "http" -> http();
            case "customer" -> customer;
            default -> others.apply(name);
        };
    }

    /** Whether the response was asked for and is no JSON: what explains that it has no parts. */
    boolean isText() {
        return isText;
    }

    private Object response() {
        Object known = response;
        if (known == null) {
            known = parsed();
            response = known;
        }
        return known;
    }

    private Object parsed() {
        if (reply.truncated()) {
            throw new RenderException(
                    "the response is longer than the " + reply.body().length + " bytes that are read");
        }
        if (reply.body().length == 0) {
            return Nil.NULL;
        }
        try {
            return JsonReader.read(reply.body());
        } catch (JsonException notJson) {
            isText = true;
            return new String(reply.body(), UTF_8);
        }
    }

    private Object http() {
        Map<String, Object> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : reply.headers()) {
            headers.merge(header.name(), header.value(), (first, next) -> first + ", " + next);
        }
        return Map.of("status", (long) reply.status(), "headers", headers, "duration_ms", reply.elapsedMillis());
    }
}
