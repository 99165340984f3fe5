package io.posthaste.cli;

import io.posthaste.action.RetryPolicy;
import io.posthaste.classify.RetrySchedule;
import io.posthaste.config.Units;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows when a delivery would be attempted if every attempt failed. */
@Command(
        name = "explain-retries",
        description = "Prints when each attempt of a delivery is made if all of them fail.",
        footer = {"", "Example: posthaste explain-retries --delays 1s,30s,5m --timeout 2s --from 2026-01-15T10:00:00Z"})
public final class ExplainRetries implements Callable<Integer> {
    private static final String ROW = "%7s  %8s  %10s  %-20s  %-20s  %s%n";

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs.
    private CommandSpec spec;

    @ArgGroup(exclusive = true)
    private Choice choice = new Choice();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = Verify.DurationConverter.class,
            description = "How long one attempt may take. Default: the policy's; 4s with --delays.")
    private @Nullable Duration timeout;

    @Option(names = "--from", paramLabel = "TIME", description = "Start of the first attempt, ISO 8601. Default: now.")
    private @Nullable String from;

    /** A named policy or delays of one's own. */
    static final class Choice {
        @Option(names = "--policy", paramLabel = "NAME", description = "standard (default) or brisk.")
        private @Nullable String policy;

        @Option(
                names = "--delays",
                split = ",",
                paramLabel = "DURATION",
                converter = Verify.DurationConverter.class,
                description = "Delays before retry 1, 2, ..., such as 1s,30s,5m.")
        private @Nullable List<Duration> delays;
    }

    public ExplainRetries(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        print(policy(), start().truncatedTo(ChronoUnit.SECONDS));
        return 0;
    }

    private void print(RetryPolicy policy, Instant start) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, ROW, "attempt", "delay", "cumulative", "due", "earliest", "latest");
        out.printf(Locale.ROOT, ROW, 1, "-", "0s", start, start, start);
        Duration total = Duration.ZERO;
        for (int retry = 1; retry <= policy.delays().size(); retry++) {
            Duration delay = policy.delays().get(retry - 1);
            total = total.plus(delay);
            Instant earliest = start.plus(varied(total, -RetrySchedule.JITTER));
            Instant latest = start.plus(varied(total, RetrySchedule.JITTER))
                    .plus(policy.timeout().multipliedBy(retry));
            out.printf(
                    Locale.ROOT,
                    ROW,
                    retry + 1,
                    Units.text(delay),
                    Units.text(total),
                    shown(start.plus(total)),
                    shown(earliest),
                    shown(latest));
        }
        explain(policy, total, out);
    }

    private static void explain(RetryPolicy policy, Duration total, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%nPolicy %s: %d retries over %s. A delay runs from the end of the attempt before it and varies by %.0f %%.%n"
                        + "Earliest: every attempt fails at once. Latest: every attempt takes its %s. Not counted: a receiver's%n"
                        + "Retry-After (429, 503), which may lengthen a delay to at most 1h.%n",
                policy.name(),
                policy.delays().size(),
                Units.text(total),
                RetrySchedule.JITTER * 100,
                Units.text(policy.timeout()));
    }

    private RetryPolicy policy() {
        RetryPolicy named = named(choice.policy == null ? RetryPolicy.STANDARD.name() : choice.policy);
        List<Duration> delays = choice.delays;
        return new RetryPolicy(
                delays == null ? named.name() : "explicit",
                timeout == null ? named.timeout() : timeout,
                delays == null ? named.delays() : delays,
                named.statuses());
    }

    private RetryPolicy named(String name) {
        return List.of(RetryPolicy.STANDARD, RetryPolicy.BRISK).stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "Invalid value for option '--policy': '" + name + "' must be standard or brisk"));
    }

    private Instant start() {
        try {
            return from == null ? terminal.clock().instant() : Instant.parse(from);
        } catch (DateTimeParseException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--from': '" + from + "' must be a time such as 2026-01-15T10:00:00Z",
                    e);
        }
    }

    private static Duration varied(Duration duration, double share) {
        return Duration.ofMillis(Math.round(duration.toMillis() * (1 + share)));
    }

    private static Instant shown(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
