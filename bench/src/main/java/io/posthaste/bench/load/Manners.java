package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * How the built-in receiver answers, as the command line has it.
 *
 * @param latency {@code 200ms}, from half to one and a half of it, or {@code p50=100ms,p99=2s}; empty for at once
 * @param errors {@code 5%} of answers are 503; empty for none
 * @param closeIdle after how long without traffic it closes a connection; zero for never
 */
record Manners(String latency, String errors, Duration closeIdle) {
    private static final Pattern TAIL = Pattern.compile("p50=(\\w+),p99=(\\w+)");
    private static final Pattern PERCENT = Pattern.compile("(\\d+(?:\\.\\d)?)%");

    boolean areUsual() {
        return latency.isEmpty() && errors.isEmpty() && closeIdle.isZero();
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
