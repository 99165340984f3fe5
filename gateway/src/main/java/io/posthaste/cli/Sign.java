package io.posthaste.cli;

import io.posthaste.action.Action;
import io.posthaste.job.Header;
import io.posthaste.job.RenderedRequest;
import io.posthaste.sign.RequestSigner;
import io.posthaste.sign.SigningKeys;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs a body as the gateway would, for trying out a receiver. */
@Command(
        name = "sign",
        description = "Prints the timestamp and signature headers that the gateway would send with a body.",
        footer = {"", "Example: printf '{\"id\":1}' | posthaste sign --key-file data/signing.key"})
public final class Sign extends KeyCommand {
    @Option(names = "--timestamp", paramLabel = "SECONDS", description = "Unix seconds to sign with. Default: now.")
    private @Nullable Long timestamp;

    @Option(names = "--header-prefix", paramLabel = "PREFIX", defaultValue = "X-CIO-", description = "Default: X-CIO-")
    private String prefix = "";

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The body, byte for byte. Default: standard input.")
    private @Nullable Path file;

    public Sign(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        SigningKeys key = SigningKeys.only(keys.key(terminal, spec));
        Instant at = timestamp == null ? terminal.clock().instant() : Instant.ofEpochSecond(timestamp);
        RenderedRequest request = new RenderedRequest("POST", "", List.of(), terminal.body(file, spec));
        PrintWriter out = spec.commandLine().getOut();
        new RequestSigner(() -> key, () -> at, prefix)
                .sign("", "", request, List.of(Action.Signature.CIO)).headers().stream()
                        .filter(header -> !header.value().isEmpty())
                        .map(Sign::line)
                        .forEach(out::println);
        return 0;
    }

    private static String line(Header header) {
        return header.name() + ": " + header.value();
    }
}
