package io.posthaste.bench.load;

import io.posthaste.bench.load.process.LoadException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
        return errors.isEmpty()
                ? null
                : "{\"timeout_ms\": 4000, \"delays_ms\": [1000%s], \"statuses\": [408, 409, 429, \"5xx\"]}"
                        .formatted(", 1000".repeat(19));
    }

    /** As the receiver understands it; empty for an answer at once. */
    String behaviour() {
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
            return "tail:" + Units.duration(tail.group(1)).toMillis() + "-"
                    + Units.duration(tail.group(2)).toMillis();
        }
        long millis = Units.duration(latency).toMillis();
        return "delay:" + millis / 2 + "-" + millis * 3 / 2;
    }
}
