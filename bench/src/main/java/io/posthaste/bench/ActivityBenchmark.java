package io.posthaste.bench;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.metrics.Activity;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the dashboard's record cost each delivery? Decides whether it may be kept while nobody watches. Run: {@code
 * scripts/bench ActivityBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ActivityBenchmark {
    private static final RenderedRequest REQUEST = new RenderedRequest("POST", "", List.of(), new byte[0]);

    private final Activity activity = new Activity();

    @Param({"1", "1000"})
    int lanes;

    private String[] names = {};
    private Outcome[] outcomes = {};
    private int next;

    @Setup
    public void prepare() {
        names = IntStream.range(0, lanes).mapToObj(i -> "lane-" + i).toArray(String[]::new);
        outcomes = IntStream.range(0, 64)
                .mapToObj(i -> new Outcome.Delivered(new Attempt(1, 0, 200, i * 7L, "", ""), REQUEST, false))
                .toArray(Outcome[]::new);
    }

    /** One attempt recorded. */
    @Benchmark
    public void settled() {
        next++;
        activity.settled(names[next % lanes], outcomes[next % 64], next % 200);
    }
}
