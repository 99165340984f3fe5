package io.posthaste.redis.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthaste.config.GatewayConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddedRedisIT extends EmbeddedRedisCase {
    @Test
    void answersOnceStartedAndKeepsEveryWriteOnDisk() {
        try (EmbeddedRedis redis = start()) {
            assertThat(redis.uri()).matches("redis://:[0-9a-f]{64}@127.0.0.1:" + config.port());
            assertThat(setting("appendonly")).isEqualTo("yes");
            assertThat(setting("appendfsync")).isEqualTo("always");
            assertThat(setting("save")).isEmpty();
            assertThat(setting("bind")).isEqualTo("127.0.0.1");
            assertThat(setting("maxmemory-policy")).isEqualTo("noeviction");
            assertThat(setting("auto-aof-rewrite-min-size")).isEqualTo("1073741824");
            ask("SET kept 1");
        }
        assertThat(RedisProbe.isTaken(config.port())).isFalse();

        try (EmbeddedRedis again = start()) {
            assertThat(again.pid()).isPositive();
            assertThat(ask("GET kept")).startsWith("$1\r\n1");
        }
    }

    @Test
    void dataIsReadableByItsOwnerOnly() throws IOException {
        start().close();

        assertThat(Files.getPosixFilePermissions(config.directory()))
                .hasToString("[OWNER_READ, OWNER_WRITE, OWNER_EXECUTE]");
    }

    @Test
    void secondGatewayOnTheSameDirectoryIsRefused() throws IOException {
        try (EmbeddedRedis redis = start()) {
            var second = new GatewayConfig.Redis.Embedded(freePort(), config.directory(), "always");
            assertThatThrownBy(() -> EmbeddedRedis.start(second, PATH))
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessageContaining("is in use by another gateway (process "
                            + ProcessHandle.current().pid() + ")");
            assertThat(ProcessHandle.of(redis.pid())).isPresent();
        }
    }

    @Test
    void portOfAnotherProgramIsNamedInOneSentence() throws IOException {
        try (ServerSocket other = new ServerSocket(config.port())) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessage(
                            "port %d is in use by another program, so Redis cannot be started there; set"
                                    + " redis.embedded.port to a free port, or redis.uri to the Redis you want to use",
                            other.getLocalPort());
        }
        start().close();
    }

    @Test
    void serverThatCannotStartSaysWhy() throws IOException {
        Files.createDirectories(config.directory());
        Files.writeString(config.directory().resolve("appendonlydir"), "in the way");

        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedRedisException.class)
                .hasMessageStartingWith("Redis ended at once: ")
                .hasMessageContaining("appendonlydir");
    }

    @Test
    void serverThatDiesIsStartedAgain() {
        try (EmbeddedRedis redis = start()) {
            ask("SET kept 5");
            long first = redis.pid();

            kill(first);

            await().atMost(10, SECONDS)
                    .until(() -> redis.pid() != first && probe(config.port()).isReady());
            assertThat(ask("GET kept")).startsWith("$1\r\n5");
        }
    }

    @Test
    void serverIsInASessionOfItsOwnSoThatCtrlCReachesTheGatewayOnly() throws Exception {
        try (EmbeddedRedis redis = start()) {
            Process ps = new ProcessBuilder("ps", "-o", "sid=", "-p", "" + redis.pid()).start();
            assertThat(new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip())
                    .isEqualTo("" + redis.pid());
        }
    }

    @Test
    void bundledServerServesWhereNoneIsInstalled() {
        try (EmbeddedRedis redis = EmbeddedRedis.start(config, "/nowhere")) {
            assertThat(ProcessHandle.of(redis.pid())
                            .orElseThrow()
                            .info()
                            .command()
                            .orElseThrow())
                    .contains("redis-server-7.0.15-");
            ask("SET kept 6");
        }
        try (EmbeddedRedis installed = start()) {
            assertThat(installed.pid()).isPositive();
            assertThat(ask("GET kept")).startsWith("$1\r\n6");
        }
    }

    @Test
    void whoeverHasNoPasswordIsTurnedAwayAndItsFileIsForTheOwnerOnly() throws Exception {
        try (EmbeddedRedis redis = start()) {
            assertThat(new RedisProbe(config.port(), "guessed").ask("GET kept")).startsWith("-NOAUTH");
            for (String file : List.of("password", "access.conf")) {
                assertThat(Files.getPosixFilePermissions(config.directory().resolve(file)))
                        .hasToString("[OWNER_READ, OWNER_WRITE]");
            }
            Process ps = new ProcessBuilder("ps", "-o", "args=", "-p", "" + redis.pid()).start();
            assertThat(new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .doesNotContain(password());
        }
    }

    @Test
    void aServerThatAnEarlierReleaseLeftWithoutPasswordGetsOne() throws Exception {
        abandonedServer();
        ask("CONFIG SET requirepass \"\"");

        try (EmbeddedRedis next = start()) {
            assertThat(next.pid()).isPositive();
            assertThat(ask("GET kept")).startsWith("$1\r\n4");
            assertThat(new RedisProbe(config.port(), "guessed").ask("GET kept")).startsWith("-NOAUTH");
        }
    }

    @Test
    void aServerThatIsKnownToBeVulnerableIsNotChosenWhereABetterOneIsInstalled() throws IOException {
        Path vulnerable = program("a/redis-server", "Redis server v=7.2.4 sha=0:0");
        Path better = program("b/valkey-server", "Valkey server v=8.1.4 sha=0:0");
        String both = temporary.resolve("a") + ":" + temporary.resolve("b");

        assertThat(RedisBinary.find(both, temporary)).isEqualTo(new RedisBinary.Found(better, List.of()));
        RedisBinary.Found alone = RedisBinary.find(temporary.resolve("a").toString(), temporary);
        assertThat(alone.program()).isEqualTo(vulnerable);
        assertThat(alone.holes()).extracting(hole -> hole.cve()).containsExactly("CVE-2025-49844", "CVE-2026-23479");
    }

    private Path program(String name, String version) throws IOException {
        Path file = temporary.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\necho '" + version + "'\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }
}
