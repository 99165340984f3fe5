package io.posthaste.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.posthaste.json.StrictJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.adapter.JdkFlowAdapter;

/** Calls of an API by HTTP; each is held to {@code openapi.json}. */
abstract class ApiCalls {
    static final String ADMIN = "admin-token-for-this-test";

    final AtomicInteger port = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ApiContract contract = new ApiContract();

    /** What an answer said. */
    record Said(int status, JsonNode body, HttpResponse<String> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        List<String> fields() {
            return body.path("errors").findValuesAsText("field");
        }
    }

    Said get(String path) {
        return call("GET", path, ADMIN, null);
    }

    Said put(String path, String json) {
        return call("PUT", path, ADMIN, json);
    }

    Said post(String path, String json) {
        return call("POST", path, ADMIN, json);
    }

    /** As {@link #post}, of NDJSON. */
    Said postLines(String path, String lines) {
        return call("POST", path, ADMIN, lines, "application/x-ndjson");
    }

    Said delete(String path) {
        return call("DELETE", path, ADMIN, null);
    }

    /** Single quotes in {@code json} stand for double ones. */
    Said call(String method, String path, String token, @Nullable String json) {
        return call(method, path, token, json, "application/json");
    }

    private Said call(String method, String path, String token, @Nullable String json, String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        json == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')));
        if (json != null) {
            request.header("Content-Type", contentType);
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), ApiCalls::body);
            boolean isJson =
                    response.headers().firstValue("content-type").orElse("").contains("json");
            JsonNode body = isJson ? new StrictJson().read(response.body()) : NullNode.getInstance();
            Said said = new Said(response.statusCode(), body, response);
            if (!contentType.endsWith("ndjson")) { // Which is no document that a schema describes.
                contract.check(method, path, json == null ? null : json.replace('\'', '"'), said);
            }
            return said;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A stream has no end to wait for: it is closed when its head has come. */
    private static HttpResponse.BodySubscriber<String> body(HttpResponse.ResponseInfo head) {
        if (!head.headers().firstValue("content-type").orElse("").startsWith("text/event-stream")) {
            return HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8);
        }
        return HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.ofPublisher(), stream -> {
            JdkFlowAdapter.flowPublisherToFlux(stream).take(0).subscribe();
            return "";
        });
    }

    /** Writes bytes as they are and answers what came back until the connection closed or went quiet for a second. */
    String raw(String request) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.get()), 1_000);
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return readAll(socket);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static String readAll(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        byte[] buffer = new byte[8192];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                answer.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        } catch (SocketTimeoutException quiet) {
            return answer.toString();
        }
        return answer.toString();
    }
}
