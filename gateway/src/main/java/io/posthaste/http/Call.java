package io.posthaste.http;

import io.posthaste.job.Header;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * One request that passed the guard.
 *
 * @param id names the request in answers and logs
 * @param path what stands for the route's {@code {names}}
 * @param query decoded, each name at most once and known to the route
 * @param access what the caller may do
 */
public record Call(
        String id,
        RequestLine line,
        Map<String, String> path,
        Map<String, String> query,
        Access access,
        List<Header> headers,
        Content content) {

    /** @param target path and query as they stand on the wire */
    public record RequestLine(String method, String target) {}

    /**
     * What the caller sent.
     *
     * @param body never modified after construction; empty when it comes as lines
     * @param lines the body as it arrives, where the route takes lines and the caller sends them; otherwise null
     */
    public record Content(byte[] body, @Nullable Flux<byte[]> lines) {}

    public byte[] body() {
        return content.body();
    }

    /** A part of the path; the route's template has it. */
    public String path(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("no {" + name + "} in the route's path");
        }
        return value;
    }
}
