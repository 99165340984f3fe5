package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.posthaste.cli.ApiClient;
import io.posthaste.testing.TestAuthority;
import io.posthaste.testing.TestAuthority.Issued;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Where a connection asks for it and the receiver offers it, HTTP/2 is spoken, under the same guards. */
class Http2IT {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final Issued SERVER = AUTHORITY.issue("h2", "IP:127.0.0.1", 30);

    private final TestGateway gateway = new TestGateway();
    private final List<String> protocols = new CopyOnWriteArrayList<>();
    private final Set<Object> connections = ConcurrentHashMap.newKeySet();
    private ApiClient api;

    @BeforeEach
    void start() {
        api = gateway.start().api();
        api.put(
                "/v1/connections/partner",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("ca", AUTHORITY.pem())
                        .put("http2", true)
                        .toString());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void manyRequestsShareOneConnection() {
        DisposableServer server = server(
                true,
                (request, response) -> request.receive()
                        .aggregate()
                        .asString()
                        .flatMap(body -> Mono.delay(Duration.ofMillis(50)).thenReturn(body))
                        .flatMap(body -> response.sendString(Mono.just(body)).then()));
        try {
            put(server);
            List<String> ids = IntStream.range(0, 50).mapToObj(i -> "j-" + i).toList();
            ids.forEach(this::enqueue);

            ids.forEach(id -> assertThat(ended(id).path("state").asText()).isEqualTo("sent"));
            assertThat(protocols).hasSize(50).containsOnly("HTTP/2.0");
            assertThat(connections).hasSizeLessThanOrEqualTo(8);
            JsonNode attempt = ended("j-49").path("attempts").path(0);
            assertThat(attempt.path("response").asText()).isEqualTo("{\"n\":\"j-49\"}");
            assertThat(attempt.path("exchange").path("address").asText()).isEqualTo("127.0.0.1:" + server.port());
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void aReceiverThatOffersHttp11OnlyIsSpokenToInIt() {
        DisposableServer server = server(false, (request, response) -> response.sendString(Mono.just("ok")));
        try {
            put(server);
            enqueue("a");

            assertThat(ended("a").path("state").asText()).isEqualTo("sent");
            assertThat(protocols).containsExactly("HTTP/1.1");
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void aFailureEndsItsStreamAndNotTheOthers() {
        DisposableServer server = server(
                true,
                (request, response) -> request.uri().equals("/j-0")
                        ? Mono.never()
                        : response.status(request.uri().equals("/j-1") ? 404 : 200)
                                .send());
        try {
            put(server);
            IntStream.range(0, 10).forEach(i -> enqueue("j-" + i));

            assertThat(ended("j-1").path("reason").asText()).isEqualTo("HTTP 404");
            IntStream.range(2, 10)
                    .forEach(i ->
                            assertThat(ended("j-" + i).path("state").asText()).isEqualTo("sent"));
            assertThat(ended("j-0").path("reason").asText()).startsWith("timeout after 1000 ms");
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void ofALongAnswerNoMoreThanItsCapIsKept() {
        String large = "x".repeat(2 << 20);
        DisposableServer server = server(true, (request, response) -> response.sendString(Mono.just(large)));
        try {
            put(server);
            enqueue("a");

            JsonNode ended = ended("a");
            assertThat(ended.path("state").asText()).isEqualTo("sent");
            assertThat(ended.path("attempts").path(0).path("response").asText().length())
                    .isLessThanOrEqualTo(1_024);
        } finally {
            server.disposeNow();
        }
    }

    @SuppressWarnings("deprecation") // The other way is for what Netty's specification does not cover.
    private DisposableServer server(
            boolean http2,
            BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> handler) {
        HttpServer server = HttpServer.create().host("127.0.0.1").port(0);
        HttpServer secure = http2
                ? server.protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
                        .secure(tls -> tls.sslContext(Http2SslContextSpec.forServer(
                                SERVER.certificateFile().toFile(),
                                SERVER.keyFile().toFile())))
                : server.secure(tls -> tls.sslContext(Http11SslContextSpec.forServer(
                        SERVER.certificateFile().toFile(), SERVER.keyFile().toFile())));
        return secure.handle((request, response) -> {
                    protocols.add(request.protocol());
                    connections.add(
                            Objects.requireNonNull(request.remoteAddress()).getPort());
                    return handler.apply(request, response);
                })
                .bindNow();
    }

    private void put(DisposableServer server) {
        api.put("/v1/actions/hook", """
                {"url":"https://127.0.0.1:%d/{{delivery.id}}","body":"{\\"n\\":\\"{{delivery.id}}\\"}","connection":"partner",
                 "retry":{"timeout_ms":1000,"delays_ms":[],"statuses":[]}}""".formatted(server.port()));
    }

    private void enqueue(String id) {
        api.post("/v1/deliveries", """
                {"id":"%s","action":"hook","data":{"customer":{"id":"1"}}}""".formatted(id));
    }

    private JsonNode ended(String id) {
        await().atMost(WAIT)
                .until(() ->
                        api.get("/v1/deliveries/" + id).path("state").asText().matches("sent|failed"));
        return api.get("/v1/deliveries/" + id);
    }
}
