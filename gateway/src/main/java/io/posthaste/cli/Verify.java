package io.posthaste.cli;

import io.posthaste.config.Units;
import io.posthaste.sign.SignatureVerifier;
import io.posthaste.sign.SignatureVerifier.Verdict;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Checks a received request as a receiver should (M54). */
@Command(
        name = "verify",
        description = "Checks the signature of a received body and says what is wrong with it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:valid",
            "1:mismatch: another key, timestamp or body than what was signed",
            "2:the command was used wrongly",
            "3:stale: signed with this key, but the timestamp is outside of the tolerance",
            "4:the signature is not 64 hexadecimal digits, or the timestamp is not Unix seconds"
        })
public final class Verify extends KeyCommand {
    @Option(names = "--timestamp", required = true, paramLabel = "SECONDS", description = "Value of X-CIO-Timestamp.")
    private String timestamp = "";

    @Option(names = "--signature", required = true, paramLabel = "HEX", description = "Value of X-CIO-Signature.")
    private String signature = "";

    @Option(
            names = "--tolerance",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How far the timestamp may be from now, either way. Default: 5m.")
    private Duration tolerance = SignatureVerifier.TOLERANCE;

    @Option(names = "--json", description = "Answer as JSON.")
    private boolean json;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The raw body. Default: standard input.")
    private @Nullable Path file;

    public Verify(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Verdict verdict = new SignatureVerifier(keys.key(terminal, spec), terminal.clock(), tolerance)
                .verify(timestamp, signature, terminal.body(file, spec));
        String name = verdict.name().toLowerCase(Locale.ROOT);
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                json ? "{\"valid\":%s,\"verdict\":\"%s\"}".formatted(verdict == Verdict.VALID, name) : text(verdict));
        return exitCode(verdict);
    }

    private String text(Verdict verdict) {
        return switch (verdict) {
            case VALID -> "valid";
            case MISMATCH -> "mismatch: this key, timestamp and body do not give this signature";
            case STALE ->
                "stale: the signature is right, but the timestamp is more than " + Units.text(tolerance) + " from now";
            case MALFORMED_SIGNATURE -> "malformed signature: it must be 64 hexadecimal digits";
            case MALFORMED_TIMESTAMP -> "malformed timestamp: it must be Unix seconds";
        };
    }

    private static int exitCode(Verdict verdict) {
        return switch (verdict) {
            case VALID -> 0;
            case MISMATCH -> 1;
            case STALE -> 3;
            case MALFORMED_SIGNATURE, MALFORMED_TIMESTAMP -> 4;
        };
    }

    /** Durations with their unit, as in the configuration. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Units.duration(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' needs a number and a unit: ms, s, m, h or d");
            }
        }
    }
}
