package io.posthaste;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real Prometheus with our configuration, which scrapes gateways every second or few. */
final class PrometheusServer implements AutoCloseable {
    static final Path CONFIG = Path.of("../config");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int port;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();

    private PrometheusServer(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /**
     * Starts one.
     *
     * @param directory for its data, empty before
     * @param gateways host and port of each, with commas between them
     * @param rules what it judges by
     */
    static PrometheusServer start(Path directory, String gateways, Path rules, String... flags) throws IOException {
        return start(1, directory, gateways, rules, flags);
    }

    /** @param seconds between two scrapes, and how long one may take */
    static PrometheusServer start(int seconds, Path directory, String gateways, Path rules, String... flags)
            throws IOException {
        Path token = Files.writeString(directory.resolve("token"), TestGateway.TOKEN);
        String config = Files.readString(CONFIG.resolve("prometheus.yaml"))
                .replace("/etc/prometheus/posthaste.token", "" + token)
                .replace("127.0.0.1:8080", gateways.replace(",", "\", \""))
                .replace("scrape_interval: 15s", "scrape_interval: " + seconds + "s")
                .replace("alerts.yaml", "" + rules.toAbsolutePath());
        Path file =
                Files.writeString(directory.resolve("prometheus.yaml"), "global: {evaluation_interval: 1s}\n" + config);
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + directory.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port));
        command.addAll(List.of(flags));
        return new PrometheusServer(
                port,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("prometheus.log").toFile())
                        .start());
    }

    /** The {@code data} of an answer of its API. */
    JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                .build();
        return JSON.readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .path("data");
    }

    /** What a query finds now. */
    JsonNode query(String query) throws IOException, InterruptedException {
        return get("query?query=" + encoded(query)).path("result");
    }

    /** The alerts that ring now. */
    List<JsonNode> firing() throws IOException, InterruptedException {
        List<JsonNode> firing = new ArrayList<>();
        for (JsonNode alert : get("alerts").path("alerts")) {
            if (alert.path("state").asText().equals("firing")) {
                firing.add(alert);
            }
        }
        return firing;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        process.onExit().join();
    }
}
