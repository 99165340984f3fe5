package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverKeys;
import io.posthaste.bench.load.process.ReceiverProcess;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the built-in receiver speaks and how it answers, as the command line has it. */
final class ReceiverOptions {
    private static final Pattern TAIL = Pattern.compile("p50=(\\w+),p99=(\\w+)");
    private static final Pattern PERCENT = Pattern.compile("(\\d+(?:\\.\\d)?)%");

    @Option(names = "--receiver", description = "builtin: a process that answers 200 at once (default)")
    private String receiver = "builtin";

    @Option(
            names = "--latency",
            paramLabel = "200ms",
            description = "the built-in receiver answers so long after a request, from half to one and a half of it;"
                    + " p50=100ms,p99=2s for a long tail")
    private String latency = "";

    @Option(names = "--errors", paramLabel = "5%%", description = "so many of its answers are 503")
    private String errors = "";

    @Option(
            names = "--close-idle",
            paramLabel = "5s",
            description = "it closes connections after so long without traffic")
    private Duration closeIdle = Duration.ZERO;

    @Option(names = "--tls", description = "it speaks TLS, with a certificate that is made for this run")
    private boolean tls;

    @Option(
            names = "--http2",
            description = "with --tls: it offers HTTP/2; run over HTTP/1.1 and over HTTP/2 in turn, and compare")
    private boolean http2;

    void check() {
        LoadException.unless(
                "builtin".equals(receiver),
                "--receiver " + receiver + ": only builtin; for another one give its --target URL");
        LoadException.unless(tls || !http2, "--http2: it is agreed on within TLS; add --tls");
    }

    boolean tls() {
        return tls;
    }

    boolean http2() {
        return http2;
    }

    /** Whether it answers 200 at once and keeps its connections. */
    boolean areUsual() {
        return latency.isEmpty() && errors.isEmpty() && closeIdle.isZero();
    }

    /** @param keys null for plain HTTP */
    ReceiverProcess.Serving serving(boolean everyAddress, @Nullable ReceiverKeys keys) {
        return new ReceiverProcess.Serving(everyAddress, closeIdle, keys, http2);
    }

    /** A retry policy that makes up for errors while the load test waits; null where there are none. */
    @Nullable
    String policy() {
        return errors.isEmpty() ? null : Workload.retry(4_000, "1000" + ", 1000".repeat(19));
    }

    /** Tells a receiver to behave so, on the paths of so many actions. */
    void teach(ReceiverProcess receiver, int actions) {
        String behaviour = behaviour();
        if (!behaviour.isEmpty()) {
            IntStream.range(0, actions).forEach(action -> receiver.behave(Workload.path(action), behaviour));
        }
    }

    /** As the receiver understands it; empty for an answer at once. */
    private String behaviour() {
        String answers = latency.isEmpty() ? "" : answers();
        if (errors.isEmpty()) {
            return answers;
        }
        Matcher percent = PERCENT.matcher(errors);
        if (!percent.matches()) {
            throw new LoadException("--errors " + errors + ": a share such as 5% or 0.5%");
        }
        long permille = Math.round(Double.parseDouble(percent.group(1)) * 10);
        return "errors:" + permille + "/" + (answers.isEmpty() ? "status:200" : answers);
    }

    private String answers() {
        Matcher tail = TAIL.matcher(latency);
        if (tail.matches()) {
            return "tail:" + millis(tail.group(1)) + "-" + millis(tail.group(2));
        }
        long millis = millis(latency);
        return "delay:" + millis / 2 + "-" + millis * 3 / 2;
    }

    private long millis(String duration) {
        try {
            return Units.duration(duration).toMillis();
        } catch (TypeConversionException e) {
            throw new LoadException("--latency " + latency + ": " + e.getMessage());
        }
    }
}
