package io.posthaste.metrics;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost each delivery to be counted: for its action's figures with how long its answer took, and for its
 * host? Two threads, as many as send. {@code scripts/bench SettledBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Threads(2)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SettledBenchmark {
    private static final Outcome DELIVERED = new Outcome.Delivered(
            new Attempt(1, 0, 200, 120, "", ""), new RenderedRequest("POST", "", List.of(), new byte[0]), false);
    private static final Outcome RETRIED =
            new Outcome.Retry(new Attempt(1, 0, 503, 120, "HTTP 503", ""), Duration.ZERO, null);

    private final ActionTally tally = new ActionTally();
    private final HostActivity hosts = new HostActivity();

    @Benchmark
    public void action() {
        tally.settled("welcome", DELIVERED);
    }

    @Benchmark
    public void host() {
        hosts.ended("api.example.com:443", DELIVERED);
    }

    @Benchmark
    public void hostThatFails() {
        hosts.ended("api.example.com:443", RETRIED);
    }
}
