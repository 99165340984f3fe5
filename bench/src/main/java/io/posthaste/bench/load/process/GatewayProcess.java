package io.posthaste.bench.load.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The gateway under test, as anyone would run it: the jar, the environment, its HTTP API. */
public final class GatewayProcess implements AutoCloseable {
    private static final String TOKEN = "load-test-token";
    /** The heap's line of {@code GC.heap_info}, or each generation's, whatever the collector calls it. */
    private static final Pattern USED = Pattern.compile("total .*?used (\\d+)K");

    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final int port = Ports.free();
    private final Path work;
    private final List<String> command;
    private final Map<String, String> settings;
    private volatile ChildProcess process;

    private GatewayProcess(Path work, List<String> command, Map<String, String> settings) {
        this.work = work;
        this.command = command;
        this.settings = settings;
        this.process = launch();
    }

    /** Starts {@code jar} with these settings, {@code POSTHASTE_…} names and values, and waits until it is ready. */
    public static GatewayProcess start(Path jar, List<String> javaOptions, Path work, Map<String, String> settings) {
        if (!Files.exists(jar)) {
            throw new LoadException("no gateway at " + jar + "; scripts/load builds it, or: mvn -pl gateway package");
        }
        List<String> options = new ArrayList<>(List.of("-XX:+AutoCreateSharedArchive"));
        options.addAll(
                List.of("-XX:SharedArchiveFile=" + work.resolve("gateway.jsa"), "-Xlog:cds=off", "-Xlog:aot=off"));
        options.addAll(javaOptions);
        options.addAll(List.of("-jar", jar.toAbsolutePath().toString(), "serve"));
        return new GatewayProcess(work, JavaCommand.with(options.toArray(String[]::new)), settings);
    }

    public ChildProcess process() {
        return process;
    }

    /** Starts it again after it was killed or stopped; how long that took until it was ready. */
    public Duration restart() {
        long from = System.nanoTime();
        process = launch();
        return Duration.ofNanos(System.nanoTime() - from);
    }

    /** Creates or replaces an action; complains with the gateway's own words. */
    public void putAction(String id, String json) {
        put("/v1/actions/" + id, json);
    }

    /** A PUT of JSON; complains with the gateway's own words. */
    public void put(String path, String json) {
        HttpResponse<String> answer =
                send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
        if (answer.statusCode() / 100 != 2) {
            throw new LoadException("PUT %s answered %d: %s".formatted(path, answer.statusCode(), answer.body()));
        }
    }

    /** A POST of JSON; the status of its answer. */
    public int post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)))
                .statusCode();
    }

    /** Pauses an action's lane. */
    public void pause(String id) {
        HttpResponse<String> answer =
                send(request("/v1/actions/" + id + "/pause").POST(BodyPublishers.noBody()));
        if (answer.statusCode() != 200) {
            throw new LoadException("pausing %s answered %d: %s".formatted(id, answer.statusCode(), answer.body()));
        }
    }

    /** Bytes of its heap that are in use after a full collection. */
    public long liveHeapBytes() {
        JavaCommand.jcmd(process.pid(), "GC.run");
        Matcher used = USED.matcher(JavaCommand.jcmd(process.pid(), "GC.heap_info"));
        return used.results()
                .mapToLong(part -> Long.parseLong(part.group(1)) << 10)
                .sum();
    }

    /** The body of a GET, whatever its status. */
    public String get(String path) {
        return send(request(path).GET()).body();
    }

    @Override
    public void close() {
        process.kill();
        client.close();
    }

    private ChildProcess launch() {
        Map<String, String> variables = new java.util.HashMap<>(settings);
        variables.put("POSTHASTE_ADMIN_PORT", Integer.toString(port));
        variables.put("POSTHASTE_ADMIN_TOKEN", TOKEN);
        ChildProcess started = ChildProcess.start("gateway", command, work, variables);
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!isReady()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new LoadException("the gateway did not become ready" + started.lastWords());
            }
            LockSupport.parkNanos(20_000_000);
        }
        return started;
    }

    private boolean isReady() {
        try {
            return client.send(request("/readyz").GET().build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + TOKEN);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new LoadException("the gateway does not answer" + process.lastWords(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }
}
