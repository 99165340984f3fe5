package io.posthaste.redis.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthaste.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Servers that an earlier gateway left behind, or still holds. */
class EmbeddedRedisOwnersIT extends EmbeddedRedisCase {
    @Test
    void killedGatewayTakesItsServerAlongAndTheNextFindsTheData() throws Exception {
        Process gateway = startGateway();
        long server = pidFrom(gateway);
        ask("SET kept 2");

        gateway.destroyForcibly().waitFor();

        await().atMost(10, SECONDS).until(() -> ProcessHandle.of(server).isEmpty());
        try (EmbeddedRedis next = start()) {
            assertThat(next.pid()).isNotEqualTo(server);
            assertThat(ask("GET kept")).startsWith("$1\r\n2");
        }
    }

    @Test
    void nextGatewayMayStartWhileTheKilledOnesServerIsStillEnding() throws Exception {
        Process gateway = startGateway();
        long server = pidFrom(gateway);
        ask("SET kept 3");

        gateway.destroyForcibly().waitFor();
        try (EmbeddedRedis next = start()) {
            assertThat(ask("GET kept")).startsWith("$1\r\n3");
            assertThat(next.pid() == server || hasEnded(server))
                    .as("one writer")
                    .isTrue();
        }
    }

    @Test
    void serverLeftBehindIsTakenOver() throws Exception {
        long server = abandonedServer();

        try (EmbeddedRedis next = EmbeddedRedis.start(
                new GatewayConfig.Redis.Embedded(config.port(), config.directory(), "everysec"), PATH)) {
            assertThat(next.pid()).isEqualTo(server);
            assertThat(ask("GET kept")).startsWith("$1\r\n4");
            assertThat(setting("appendfsync")).isEqualTo("everysec");
        }
        assertThat(ProcessHandle.of(server)).isEmpty();
    }

    @Test
    void serverLeftBehindOnAnotherPortIsEndedFirst() throws Exception {
        long server = abandonedServer();
        var moved = new GatewayConfig.Redis.Embedded(freePort(), config.directory(), "always");

        try (EmbeddedRedis next = EmbeddedRedis.start(moved, PATH)) {
            assertThat(ProcessHandle.of(server)).isEmpty();
            assertThat(next.pid()).isNotEqualTo(server);
            assertThat(probe(moved.port()).ask("GET kept")).startsWith("$1\r\n4");
        }
    }

    @Test
    void pidFileOfAnotherProgramIsIgnored() throws IOException {
        Files.createDirectories(config.directory());
        Files.writeString(
                config.directory().resolve("redis-" + config.port() + ".pid"),
                "" + ProcessHandle.current().pid());

        start().close();

        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    /** Also when nobody has taken note of its end yet. */
    private static boolean hasEnded(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat")).matches("(?s)\\d+ \\(.*\\) Z .*");
        } catch (IOException gone) {
            return ProcessHandle.of(pid).isEmpty();
        }
    }
}
