package io.posthaste.bench.load.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A gateway as {@code scripts/start} starts it, with its embedded Redis, on data of the load test's own. */
public final class StartScript {
    private static final String TOKEN = "load-test-token";
    private static final long LOOK_NANOS = 1_000_000;
    private static final int STOP_SECONDS = 60;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port = Ports.free();
    private final Path root;
    private final Path work;
    private final Map<String, String> settings;
    private ChildProcess process;
    private int printed;

    /** @param settings {@code POSTHASTE_…} variables beside those that keep it apart from other gateways */
    @SuppressWarnings("NullAway.Init") // there is no process before the first start
    public StartScript(Path root, Path work, Map<String, String> settings) {
        this.root = root;
        this.work = work;
        this.settings = new HashMap<>(settings);
        this.settings.put("POSTHASTE_ADMIN_PORT", Integer.toString(port));
        this.settings.put("POSTHASTE_ADMIN_TOKEN", TOKEN);
        this.settings.put("POSTHASTE_REDIS_EMBEDDED_PORT", Integer.toString(Ports.free()));
        this.settings.put(
                "POSTHASTE_REDIS_EMBEDDED_DIRECTORY", work.resolve("redis").toString());
        this.settings.put(
                "POSTHASTE_KEYS_ENCRYPTION_FILE", work.resolve("encryption.key").toString());
        this.settings.put(
                "POSTHASTE_KEYS_REPORTING_FILE", work.resolve("reporting.key").toString());
    }

    /** Starts it and returns at once. */
    public void start() {
        String script = root.resolve("scripts/start").toAbsolutePath().toString();
        process = ChildProcess.start("start", List.of(script), work, settings);
        printed = process.output().length();
    }

    /** SIGTERM, and waits until it and its Redis are gone. */
    public void stop() {
        process.terminate(STOP_SECONDS);
    }

    /** Waits until it has printed anything since it was started. */
    public void awaitFirstLine(Duration limit) {
        await("to print a line", () -> process.output().length() > printed, limit);
    }

    /** Waits until the API takes connections. */
    public void awaitListening(Duration limit) {
        await("to listen", this::isListening, limit);
    }

    /** User and system time so far of the gateway, and of what the script ran before it. */
    public long cpuMicros() {
        return ProcessUsage.cpuMicrosWithChildren(process.pid());
    }

    public void put(String path, String json) {
        send(request(path).PUT(BodyPublishers.ofString(json)), "PUT " + path);
    }

    public void post(String path, String json) {
        send(request(path).POST(BodyPublishers.ofString(json)), "POST " + path);
    }

    private void await(String what, BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new LoadException("scripts/start did not come so far as " + what + process.lastWords());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + TOKEN);
    }

    private void send(HttpRequest.Builder request, String what) {
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            LoadException.unless(
                    answer.statusCode() / 100 == 2,
                    "%s answered %d: %s".formatted(what, answer.statusCode(), answer.body()));
        } catch (IOException e) {
            throw new LoadException("the gateway does not answer" + process.lastWords(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }
}
