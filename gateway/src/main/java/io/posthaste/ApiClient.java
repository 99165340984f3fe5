package io.posthaste;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Talks to a running gateway's HTTP API from the command line. */
final class ApiClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newHttpClient();
    private final String gateway;
    private final String token;

    ApiClient(String gateway, String token) {
        this.gateway = gateway;
        this.token = token;
    }

    /** What the gateway answered, or an {@link ApiException} that says what it objected to. */
    JsonNode get(String path) {
        return send("GET", path, "");
    }

    /** As {@link #get}. */
    JsonNode put(String path, JsonNode body) {
        return send("PUT", path, body.toString());
    }

    /** As {@link #get}. */
    JsonNode delete(String path) {
        return send("DELETE", path, "");
    }

    private JsonNode send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new ApiException("%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new ApiException(
                    "no gateway answers on " + gateway + "; start one with scripts/start, or name it with --gateway");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException("interrupted");
        }
    }

    /** The gateway is not there, or said no. */
    static final class ApiException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ApiException(String message) {
            super(message);
        }
    }
}
