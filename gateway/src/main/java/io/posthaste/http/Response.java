package io.posthaste.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.job.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * One HTTP response.
 *
 * @param contentType empty when there is no body
 * @param headers beside those that every answer carries
 * @param body never modified after construction
 * @param events what is sent instead of a body, piece by piece until it ends; null for most
 */
public record Response(
        int status,
        String contentType,
        List<Header> headers,
        byte[] body,
        @Nullable Flux<byte[]> events) {
    private static final String JSON = "application/json";
    private static final byte[] NOTHING = {};

    public Response(int status, String contentType, List<Header> headers, byte[] body) {
        this(status, contentType, headers, body, null);
    }

    public static Response json(int status, JsonNode body) {
        return new Response(status, JSON, List.of(), body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** @param body one JSON value; not modified afterwards */
    public static Response json(int status, byte[] body) {
        return new Response(status, JSON, List.of(), body);
    }

    public static Response ok(JsonNode body) {
        return json(200, body);
    }

    public static Response empty(int status) {
        return new Response(status, "", List.of(), NOTHING);
    }

    public static Response text(String contentType, String body) {
        return new Response(200, contentType, List.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    /** Server-sent events, each with its names and the empty line at its end. */
    public static Response events(Flux<byte[]> events) {
        return new Response(200, "text/event-stream", List.of(), NOTHING, events);
    }

    /** A document of many lines, each with its end, sent as they come. */
    public static Response lines(Flux<byte[]> lines) {
        return new Response(200, "application/x-ndjson", List.of(), NOTHING, lines);
    }

    /** The same as another type. */
    public Response as(String type) {
        return new Response(status, type, headers, body, events);
    }

    /** The same with other events. */
    public Response with(Flux<byte[]> others) {
        return new Response(status, contentType, headers, body, others);
    }

    public Response with(String name, String value) {
        List<Header> more = Stream.concat(headers.stream(), Stream.of(new Header(name, value)))
                .toList();
        return new Response(status, contentType, more, body, events);
    }
}
