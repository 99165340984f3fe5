package io.posthaste.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.posthaste.connection.Pem;
import io.posthaste.send.tls.ClientTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Talks to a running gateway's HTTP API from the command line. */
public final class ApiClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client;
    private final String gateway;
    private final String token;

    public ApiClient(String gateway, String token) {
        this(gateway, token, "");
    }

    /** @param certificate of a gateway that speaks TLS, a file in PEM: believed beside the system's authorities; or empty */
    ApiClient(String gateway, String token, String certificate) {
        this.gateway = gateway;
        this.token = token;
        this.client = certificate.isEmpty()
                ? HttpClient.newHttpClient()
                : HttpClient.newBuilder().sslContext(believing(certificate)).build();
    }

    private static SSLContext believing(String certificate) {
        try {
            List<X509Certificate> own = Pem.certificates(Files.readString(Path.of(certificate)));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, ClientTls.believing(own), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new Unreachable("admin.tls.certificate: " + certificate + ": " + e.getMessage());
        }
    }

    /** What the gateway answered; {@link Refused} when it objected, {@link Unreachable} when there is none. */
    public JsonNode get(String path) {
        return send("GET", path, "");
    }

    /** As {@link #get}; {@code body} is sent as it is. */
    public JsonNode put(String path, String body) {
        return send("PUT", path, body);
    }

    /** As {@link #get}; {@code body} is sent as it is. */
    public JsonNode post(String path, String body) {
        return send("POST", path, body);
    }

    /** As {@link #get}. */
    public JsonNode delete(String path) {
        return send("DELETE", path, "");
    }

    private JsonNode send(String method, String path, String body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(gateway + path))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new Refused(read(answer.body()), method + " " + path + " answered " + answer.statusCode());
            }
            return read(answer.body());
        } catch (IllegalArgumentException noUrl) {
            throw new Unreachable(gateway + " is no address of a gateway; give one such as http://127.0.0.1:8080");
        } catch (IOException e) {
            throw new Unreachable("no gateway answers on " + gateway
                    + (e instanceof SSLException ? " (" + e.getMessage() + ")" : "")
                    + "; start one with scripts/start, or name it with --gateway");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted");
        }
    }

    private static JsonNode read(String body) {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException notOurs) {
            return MissingNode.getInstance();
        }
    }

    /** There is no gateway to talk to. */
    public static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreachable(String message) {
            super(message);
        }
    }

    /** The gateway said no, and why: a problem document. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient JsonNode problem;

        /** @param otherwise the message, if what was answered is no problem document */
        Refused(JsonNode problem, String otherwise) {
            super(problem.has("detail") ? text(problem) : otherwise);
            this.problem = problem;
        }

        /** As it was answered. */
        public JsonNode problem() {
            return problem;
        }

        private static String text(JsonNode problem) {
            StringBuilder text = new StringBuilder(problem.path("detail").asText());
            problem.path("errors").forEach(error -> text.append("\n  ").append(line(error)));
            return text.toString();
        }

        /** {@code body, line 5, column 52: what is wrong; what to do}. */
        static String line(JsonNode finding) {
            String field = finding.path("field").asText();
            String place = finding.has("line")
                    ? "line " + finding.path("line") + ", column " + finding.path("column") + ": "
                    : "";
            String where = field.isEmpty() ? "" : field + (place.isEmpty() ? ": " : ", ");
            return where + place + finding.path("message").asText() + "; "
                    + finding.path("fix").asText();
        }
    }
}
