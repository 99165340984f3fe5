package io.posthaste.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A real {@code redis-server} on a free port with its append-only file in a directory of its own. It can be killed
 * and started again on the same data.
 */
public final class RedisServer implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final String host;
    private final int port;
    private final Path directory;
    private final List<String> settings;
    private Process process;

    private RedisServer(String host, int port, Path directory, List<String> settings) throws IOException {
        this.host = host;
        this.port = port;
        this.directory = directory;
        this.settings = settings;
        this.process = launch();
    }

    /** Starts a server and waits until it answers. {@code settings} are command-line options as Redis knows them. */
    public static RedisServer start(String... settings) {
        return startAt(LOOPBACK, freePort(), settings);
    }

    /** The same at an address of this machine. */
    public static RedisServer startAt(String host, int port, String... settings) {
        try {
            return new RedisServer(host, port, Files.createTempDirectory("posthaste-redis"), List.of(settings));
        } catch (IOException e) {
            throw new IllegalStateException("cannot start redis-server; install it (apt-get install redis-server)", e);
        }
    }

    /** One on another port with a copy of this one's files, as they are on the disk now. */
    public RedisServer copied(String... settings) {
        try {
            Path to = Files.createTempDirectory("posthaste-redis");
            try (var files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target = to.resolve(directory.relativize(file));
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
            return new RedisServer(LOOPBACK, freePort(), to, List.of(settings));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public String uri() {
        return "redis://" + host + ":" + port;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    /** {@code kill -9}; returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Stops it as a machine stops that is paused: connections stay, nothing is answered. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts the killed server again on the same port and data. */
    public void restart() {
        kill();
        try {
            process = launch();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of("redis-server", "--port", "" + port, "--bind", host));
        command.addAll(List.of("--dir", directory.toString(), "--save", "", "--appendonly", "yes"));
        command.addAll(List.of("--logfile", directory.resolve("redis.log").toString(), "--daemonize", "no"));
        command.addAll(settings);
        Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
        awaitPong(started);
        return started;
    }

    private void awaitPong(Process started) throws IOException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!answersPing()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("redis-server on port " + port + " did not come up; see " + directory);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private boolean answersPing() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 200);
            socket.setSoTimeout(200);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** A free one below which the bus of a cluster, 10,000 ports higher, has its place. */
    public static int portWithBus() {
        int port = freePort();
        while (port > 55_000) {
            port = freePort();
        }
        return port;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
