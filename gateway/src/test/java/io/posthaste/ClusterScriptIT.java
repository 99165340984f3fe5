package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.redis.RedisConnections;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/cluster} as somebody would start it, twice on the same data. */
class ClusterScriptIT {
    private static final String SCRIPT = "../scripts/cluster";

    /** Below those that the system gives to connections. */
    private static final int FIRST_PORT = 21_400;

    @TempDir
    Path directory = Path.of("replaced by JUnit");

    @Test
    void itStartsAClusterSaysHowToUseItAndEndsWithAllItsServers() throws Exception {
        assertThat(alive(play())).hasSize(6).containsOnly(false);
        assertThat(alive(play())).hasSize(6).containsOnly(false);
    }

    /** What it said until it was ended. */
    private List<String> play() throws IOException, InterruptedException {
        Process script = new ProcessBuilder("bash", SCRIPT, "--port", "" + FIRST_PORT, "--directory", "" + directory)
                .redirectErrorStream(true)
                .start();
        List<String> said = new ArrayList<>();
        try (BufferedReader out = script.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (line.startsWith("Kill a primary")) {
                    break;
                }
            }
            assertThat(said).anyMatch(line -> line.contains("POSTHASTE_REDIS_URI=" + uri() + " scripts/start"));
            try (RedisConnections redis = RedisConnections.open(uri(), Duration.ofSeconds(5))) {
                assertThat(redis.isCluster()).isTrue();
            }
        } finally {
            script.destroy();
        }
        assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private static String uri() {
        return "redis://127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d".formatted(FIRST_PORT, FIRST_PORT + 1, FIRST_PORT + 2);
    }

    /** Whether each of its servers lives, as it named them. */
    private static List<Boolean> alive(List<String> said) {
        return said.stream()
                .filter(line -> line.contains("process "))
                .map(line -> line.replaceAll(".*process ([0-9]+),.*", "$1"))
                .map(pid -> ProcessHandle.of(Long.parseLong(pid))
                        .map(ProcessHandle::isAlive)
                        .orElse(false))
                .toList();
    }
}
