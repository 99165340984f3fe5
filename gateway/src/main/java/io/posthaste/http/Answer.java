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
public record Answer(
        int status,
        String contentType,
        List<Header> headers,
        byte[] body,
        @Nullable Flux<byte[]> events) {
    private static final String JSON = "application/json";
    private static final byte[] NOTHING = {};

    public Answer(int status, String contentType, List<Header> headers, byte[] body) {
        this(status, contentType, headers, body, null);
    }

    public static Answer json(int status, JsonNode body) {
        return new Answer(status, JSON, List.of(), body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** @param body one JSON value; not modified afterwards */
    public static Answer json(int status, byte[] body) {
        return new Answer(status, JSON, List.of(), body);
    }

    public static Answer ok(JsonNode body) {
        return json(200, body);
    }

    public static Answer empty(int status) {
        return new Answer(status, "", List.of(), NOTHING);
    }

    public static Answer text(String contentType, String body) {
        return new Answer(200, contentType, List.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    /** Server-sent events, each with its names and the empty line at its end. */
    public static Answer events(Flux<byte[]> events) {
        return new Answer(200, "text/event-stream", List.of(), NOTHING, events);
    }

    /** The same with other events. */
    public Answer with(Flux<byte[]> others) {
        return new Answer(status, contentType, headers, body, others);
    }

    public Answer with(String name, String value) {
        List<Header> more = Stream.concat(headers.stream(), Stream.of(new Header(name, value)))
                .toList();
        return new Answer(status, contentType, more, body, events);
    }
}
