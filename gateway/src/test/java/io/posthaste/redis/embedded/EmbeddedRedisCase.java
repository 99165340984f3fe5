package io.posthaste.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.config.GatewayConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A directory and a port for embedded servers, and gateways that own one. */
abstract class EmbeddedRedisCase {
    static final String PATH = System.getenv("PATH");

    @TempDir
    Path temporary;

    GatewayConfig.Redis.Embedded config = new GatewayConfig.Redis.Embedded(0, Path.of(""), "");

    /** A gateway reduced to its Redis: prints the server's process number and lives until it is killed. */
    static final class Gateway {
        private Gateway() {}

        public static void main(String[] arguments) throws InterruptedException {
            int port = Integer.parseInt(arguments[0]);
            EmbeddedRedis redis =
                    EmbeddedRedis.start(new GatewayConfig.Redis.Embedded(port, Path.of(arguments[1]), "always"), PATH);
            System.out.println(redis.pid());
            Thread.currentThread().join();
        }
    }

    @BeforeEach
    void chooseAPort() throws IOException {
        config = new GatewayConfig.Redis.Embedded(freePort(), temporary.resolve("data/redis"), "always");
    }

    @AfterEach
    void nothingIsLeftRunning() {
        probe(config.port()).identify().ifPresent(left -> {
            kill(left.pid());
            throw new AssertionError("left running: " + left);
        });
    }

    RedisProbe probe(int port) {
        return new RedisProbe(port, password());
    }

    /** Empty before the first start. */
    String password() {
        try {
            return Files.readString(config.directory().resolve("password"));
        } catch (IOException none) {
            return "none";
        }
    }

    EmbeddedRedis start() {
        return EmbeddedRedis.start(config, PATH);
    }

    Process startGateway() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Gateway.class.getName(),
                        "" + config.port(),
                        config.directory().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static long pidFrom(Process gateway) throws IOException {
        BufferedReader output = gateway.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.matches("\\d+")) {
                return Long.parseLong(line);
            }
        }
        throw new AssertionError("the gateway ended");
    }

    /** Kills a gateway and its watching shell at the same time, as {@code kill -9} of a process group does. */
    long abandonedServer() throws Exception {
        Process gateway = startGateway();
        long server = pidFrom(gateway);
        ask("SET kept 4");
        List<ProcessHandle> shells =
                gateway.descendants().filter(child -> child.pid() != server).toList();
        assertThat(shells).hasSize(1);
        shells.forEach(ProcessHandle::destroyForcibly);
        gateway.destroyForcibly().waitFor();
        assertThat(ProcessHandle.of(server)).isPresent();
        return server;
    }

    String ask(String command) {
        return probe(config.port()).ask(command);
    }

    String setting(String name) {
        String[] lines = ask("CONFIG GET " + name).split("\r\n", -1);
        assertThat(lines).as(Arrays.toString(lines)).hasSizeGreaterThan(4);
        return lines[4];
    }

    static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
