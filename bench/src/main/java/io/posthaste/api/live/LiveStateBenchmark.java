package io.posthaste.api.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.metrics.Activity;
import io.posthaste.metrics.PrometheusPage;
import io.posthaste.queue.browse.Deliveries.Depth;
import io.posthaste.queue.browse.Deliveries.Lane;
import io.posthaste.queue.browse.Deliveries.Schedule;
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
import reactor.core.publisher.Mono;

/**
 * What does a dashboard cost the gateway each second, before it is written to whoever watches? One tick: the second is
 * closed, the state made and turned into bytes. {@code scripts/bench LiveStateBenchmark -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class LiveStateBenchmark {
    private static final long NOW = 1_763_990_000_000L;
    private static final Outcome DELIVERED = new Outcome.Delivered(
            new Attempt(1, 0, 200, 12, "", ""), new RenderedRequest("POST", "", List.of(), new byte[0]), false);

    /** Of at most 100 the state is sent, of at most 1,000 it is kept. */
    @Param({"20", "100", "1000"})
    int lanes;

    private final Activity activity = new Activity();
    private final Schedule schedule = new Schedule(NOW, 12, 3, new long[180]);
    private Depth depth = Depth.UNKNOWN;
    private Insight insight = insight(depth);

    @Setup
    public void prepare() {
        List<Lane> waiting = IntStream.range(0, lanes)
                .mapToObj(i -> new Lane("lane-" + i, 1_000 + i, i % 7, i % 5, NOW - i, false))
                .toList();
        depth = new Depth(NOW, new Depth.Inbox(3, NOW), new Depth.Totals(40, 500, 20, 1), waiting);
        insight = insight(depth);
    }

    private Insight insight(Depth known) {
        return new Insight(
                () -> new Readiness(true, ""),
                accept -> new PrometheusPage.Page("text/plain; version=0.0.4; charset=utf-8", ""),
                List.of(),
                activity,
                () -> known,
                List::of,
                "here-1",
                List::of,
                List::of,
                List::of,
                Mono::empty);
    }

    /** Each lane had one attempt since the last: lanes without any for 15 minutes are forgotten. */
    @Benchmark
    public byte[] tick() {
        depth.lanes().forEach(lane -> activity.settled(lane.name(), DELIVERED, 7));
        var second = activity.tick(NOW, new Activity.Levels(40, 1_000, 20));
        var state = StateJson.of(NOW, insight, depth, schedule, StateJson.MOST_LANES);
        return state.set("second", StateJson.of(second)).toString().getBytes(UTF_8);
    }
}
