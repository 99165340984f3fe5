package io.posthaste.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import io.posthaste.config.EgressProxy;
import io.posthaste.config.GatewayConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The process, its machine and the way to receivers: descriptors, heap, names, authorities, the proxy. */
public final class MachineCheck implements Checkup.Check {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Descriptors beside those of attempts in flight: Redis, the API, files. */
    private static final int OTHER_FILES = 256;

    private static final long LEAST_HEAP = 256L << 20;
    private static final String CACERTS = "install cacerts, or name a file with -Djavax.net.ssl.trustStore";
    private static final String SOME_NAME = "example.com";

    private final int maxInFlight;
    private final @Nullable InetSocketAddress proxy;

    /**
     * @param maxInFlight deliveries in flight, 0 for as many as there are descriptors for
     * @param proxy that receivers are reached by, unresolved; null for none
     */
    public MachineCheck(int maxInFlight, @Nullable InetSocketAddress proxy) {
        this.maxInFlight = maxInFlight;
        this.proxy = proxy;
    }

    /** Of a gateway that is told this. */
    public static MachineCheck of(GatewayConfig config) {
        EgressProxy proxy = config.egress().proxyAddress();
        return new MachineCheck(
                config.send().maxInFlight(),
                proxy == null ? null : InetSocketAddress.createUnresolved(proxy.host(), proxy.port()));
    }

    @Override
    public String name() {
        return "machine";
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>(List.of(descriptors(), heap(), names(), authorities()));
        InetSocketAddress dialled = proxy;
        if (dialled != null) {
            findings.add(proxy(dialled));
        }
        return findings;
    }

    private Finding descriptors() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return Finding.ok("file descriptors", "not known on this system");
        }
        long most = system.getMaxFileDescriptorCount();
        String found = "%d of %d open".formatted(system.getOpenFileDescriptorCount(), most);
        long wanted = (long) maxInFlight + OTHER_FILES;
        if (maxInFlight > 0 && most < wanted) {
            return Finding.warning(
                    "file descriptors",
                    found + ", and send.max-in-flight is " + maxInFlight,
                    "ulimit -n " + 2 * wanted + " (LimitNOFILE of systemd)");
        }
        return most < 4_096
                ? Finding.warning("file descriptors", found, "ulimit -n 65536: each attempt in flight takes one")
                : Finding.ok("file descriptors", found);
    }

    private static Finding heap() {
        long most = Runtime.getRuntime().maxMemory();
        String found = (most >> 20) + " MiB, of which bodies in flight take " + (most >> 22) + " at most";
        return most < LEAST_HEAP
                ? Finding.warning("heap", found, "-Xmx256m or more (JAVA_OPTS): large bodies wait for each other")
                : Finding.ok("heap", found);
    }

    private static Finding names() {
        try {
            InetAddress[] found = CompletableFuture.supplyAsync(MachineCheck::resolve)
                    .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            return Finding.ok("name resolution", SOME_NAME + " has " + found.length + " addresses");
        } catch (CompletionException failed) {
            return Finding.warning(
                    "name resolution",
                    SOME_NAME + " is not found",
                    "look at /etc/resolv.conf; needless where receivers are addresses, or a proxy resolves them");
        }
    }

    private static InetAddress[] resolve() {
        try {
            return InetAddress.getAllByName(SOME_NAME);
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    private static Finding authorities() {
        String byDefault = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts")
                .toString();
        Path file = Path.of(System.getProperty("javax.net.ssl.trustStore", byDefault));
        try {
            int count = KeyStore.getInstance(file.toFile(), (char[]) null).size();
            return count > 0
                    ? Finding.ok("certificate authorities", count + " are trusted")
                    : Finding.broken(
                            "certificate authorities", "none is trusted: no https receiver can be reached", CACERTS);
        } catch (GeneralSecurityException | IOException e) {
            return Finding.broken("certificate authorities", file + " cannot be read: " + e.getMessage(), CACERTS);
        }
    }

    private static Finding proxy(InetSocketAddress proxy) {
        String where = proxy.getHostString() + ":" + proxy.getPort();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(proxy.getHostString(), proxy.getPort()), (int) PATIENCE.toMillis());
            return Finding.ok("proxy", where + " answers");
        } catch (IOException failed) {
            return Finding.broken(
                    "proxy", where + " does not answer: " + failed.getMessage(), "egress.proxy, or start it");
        }
    }
}
