package io.posthaste.api;

import io.posthaste.http.Access;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** The API's own description: {@code openapi.json}, written by hand, which every test of the API is held to. */
final class DocumentRoutes {
    private final Response document = Response.text("application/json", read());

    List<Route> routes() {
        return List.of(Route.of("GET", "/openapi.json", Access.READ, call -> Mono.just(document)));
    }

    private static String read() {
        try (InputStream file = Objects.requireNonNull(DocumentRoutes.class.getResourceAsStream("/openapi.json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
