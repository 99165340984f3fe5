package io.posthaste.cli;

import io.posthaste.boot.Gateway;
import io.posthaste.boot.StopSignals;
import io.posthaste.config.ConfigLoader;
import io.posthaste.config.GatewayConfig;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a gateway until the process is told to stop. */
@Command(
        name = "serve",
        description = {
            "Runs the gateway until SIGTERM or SIGINT; a second signal stops at once.",
            "Settings come from the file and, before it, from the environment:",
            "send.max-in-flight is POSTHASTE_SEND_MAX_IN_FLIGHT."
        })
public final class Serve implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML; config/posthaste.yaml explains every key.")
    private @Nullable Path file;

    @Spec
    private @Nullable CommandSpec spec;

    public Serve(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        GatewayConfig config = ConfigLoader.load(file, terminal.environment());
        CountDownLatch stop = new CountDownLatch(1);
        StopSignals.onFirst(stop::countDown);
        try (Gateway gateway = Gateway.start(config, Main.Version.text(), terminal.environment())) {
            greet(config, gateway.address());
            stop.await();
            say("stopping: waiting for attempts in flight, at most %s s; a second signal stops at once"
                    .formatted(config.queue().drainTimeout().toSeconds()));
        }
        say("stopped");
        return 0;
    }

    private void greet(GatewayConfig config, InetSocketAddress address) {
        String host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getHostString();
        say("Posthaste %s takes jobs".formatted(Main.Version.text()));
        say("  Redis   %s".formatted(redis(config)));
        say("  open    %s://%s:%d (dashboard; the API is under /v1)"
                .formatted(config.admin().tls().hasCertificate() ? "https" : "http", host, address.getPort()));
        say("  token   %s"
                .formatted(
                        config.admin().token() != null
                                ? "as configured"
                                : "in " + config.admin().tokenFile()));
        say("  key     %s"
                .formatted(
                        config.keys().signing() != null
                                ? "as configured"
                                : "in " + config.keys().signingFile()));
    }

    private static String redis(GatewayConfig config) {
        return config.redis().isEmbedded()
                ? "embedded on 127.0.0.1:%d, data in %s"
                        .formatted(
                                config.redis().embedded().port(),
                                config.redis().embedded().directory())
                : "as configured";
    }

    private void say(String line) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
