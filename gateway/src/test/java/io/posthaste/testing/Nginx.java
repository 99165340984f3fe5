package io.posthaste.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A real {@code nginx} on loopback, in a directory of its own, with a port for each site. */
public final class Nginx implements AutoCloseable {
    private final Path directory;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Process process;

    /**
     * @param listen what follows the port in {@code listen}: {@code ssl http2}
     * @param directives of its {@code server} block
     */
    public record Site(String name, String listen, String directives) {}

    private Nginx(Path directory, List<Site> sites) throws IOException {
        this.directory = directory;
        sites.forEach(site -> ports.put(site.name(), RedisServer.freePort()));
        Files.writeString(directory.resolve("nginx.conf"), configuration(sites));
        this.process = command("-g", "daemon off;")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile())
                .start();
        ports.values().forEach(this::awaitPort);
    }

    /** Starts one and waits until all of its sites take connections. */
    public static Nginx start(List<Site> sites) {
        try {
            return new Nginx(Files.createTempDirectory("posthaste-nginx"), sites);
        } catch (IOException e) {
            throw new IllegalStateException("cannot start nginx; install it (apt-get install nginx-light)", e);
        }
    }

    /** A site's address on 127.0.0.1. */
    public String url(String site, String path) {
        return "https://127.0.0.1:" + ports.get(site) + path;
    }

    /** Workers are replaced as after a change of the configuration; returns once the order is given. */
    public void reload() {
        try {
            if (command("-s", "reload").start().waitFor() != 0) {
                throw new IllegalStateException("nginx did not reload: see " + directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder command(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder("nginx", "-p", directory + "/", "-c", "nginx.conf");
        builder.command().addAll(List.of(arguments));
        return builder;
    }

    private String configuration(List<Site> sites) {
        StringBuilder text = new StringBuilder("""
                worker_processes 2;
                user root;
                pid nginx.pid;
                error_log error.log warn;
                events { worker_connections 4096; }
                http {
                  access_log off;
                  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                  keepalive_timeout 30s;
                """);
        for (Site site : sites) {
            text.append("server { listen 127.0.0.1:%d %s; %s }\n"
                    .formatted(ports.get(site.name()), site.listen(), site.directives()));
        }
        return text.append("}\n").toString();
    }

    private void awaitPort(int port) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!accepts(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("nginx did not come up; see " + directory);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
