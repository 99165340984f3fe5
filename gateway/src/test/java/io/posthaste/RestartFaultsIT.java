package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthaste.cli.Main;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules of {@code config/alerts.yaml} that ring for a gateway that loses its Redis or ends, in a real Prometheus. Time goes
 * fifteen times as fast for the rules, so that half an hour of theirs has room for a few starts.
 */
class RestartFaultsIT {
    static final Set<String> ALERTS = Set.of("PosthasteNotReady", "PosthasteRestarts", "PosthasteDown");

    private static final Duration WAIT = Duration.ofMinutes(3);
    private static final int FASTER = 15;
    private static final String STARTS = "changes(process_start_time_seconds{job=\"posthaste\"}[1h])";

    @TempDir
    private Path directory;

    @AutoClose
    private final TestGateway shared = new TestGateway().with("REDIS_COMMAND_TIMEOUT", "30s");

    private final List<Process> gateways = new ArrayList<>();

    @AfterEach
    void stop() {
        gateways.forEach(RestartFaultsIT::kill);
    }

    @Test
    void aGatewayRingsThatLostItsRedisThatCrashesAgainAndAgainAndThatStaysAway() throws Exception {
        int port = PrometheusServer.freePort();
        shared.with("ADMIN_PORT", "" + port);
        startGateway(port);
        try (PrometheusServer prometheus = PrometheusServer.start(
                directory, "127.0.0.1:" + port, AlertRules.read().faster(FASTER, FASTER, directory))) {
            expect(prometheus, "count_over_time(up[6s]) >= 5 and min_over_time(up[6s]) == 1");
            assertThat(prometheus.firing()).isEmpty();

            shared.redis.kill();
            await().atMost(WAIT).until(() -> rings(prometheus, "PosthasteNotReady", port));
            shared.redis.restart();
            await().atMost(WAIT).until(() -> !rings(prometheus, "PosthasteNotReady", port));

            await().atMost(WAIT).until(() -> {
                kill(gateways.getLast());
                startGateway(port);
                expect(prometheus, STARTS + " == " + (gateways.size() - 1));
                return rings(prometheus, "PosthasteRestarts", port);
            });

            kill(gateways.getLast());
            await().atMost(WAIT).until(() -> rings(prometheus, "PosthasteDown", port));
        }
    }

    private static void expect(PrometheusServer prometheus, String query) {
        await(query)
                .atMost(WAIT)
                .ignoreExceptions()
                .until(() -> !prometheus.query(query).isEmpty());
    }

    private static boolean rings(PrometheusServer prometheus, String alert, int port)
            throws IOException, InterruptedException {
        List<JsonNode> firing = prometheus.firing();
        return firing.stream()
                .map(one -> one.path("labels"))
                .anyMatch(labels -> alert.equals(labels.path("alertname").asText())
                        && labels.path("instance").asText().equals("127.0.0.1:" + port));
    }

    /** In a process of its own; answers once it listens. */
    private void startGateway(int port) throws IOException {
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve");
        java.environment().putAll(shared.environment());
        java.directory(directory.toFile()).redirectErrorStream(true);
        Path log = directory.resolve("gateway.log");
        java.redirectOutput(log.toFile());
        Process gateway = java.start();
        gateways.add(gateway);
        await().atMost(WAIT).ignoreException(ConnectException.class).until(() -> {
            assertThat(gateway.isAlive()).as(Files.readString(log)).isTrue();
            return listens(port);
        });
    }

    private static boolean listens(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    private static void kill(Process gateway) {
        gateway.destroyForcibly().onExit().join();
    }
}
