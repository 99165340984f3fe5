package io.posthaste.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import io.posthaste.queue.record.FrozenRequests;
import io.posthaste.queue.record.RequestCodec;
import io.posthaste.seal.Sealer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the queue's codec cost for each delivery: the settlement of a delivered job, of one that is retried for
 * the first time (its 600-byte request goes along), and reading that request back?
 *
 * <p>{@code scripts/bench QueueCodecBenchmark -prof gc}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class QueueCodecBenchmark {
    private final RenderedRequest request = new RenderedRequest(
            "POST",
            "https://agent%40acme.example:ZDPASS@acme.zendesk.com/api/v2/tickets.json",
            List.of(new Header("Content-Type", "application/json")),
            "x".repeat(600).getBytes(UTF_8));
    private final Job job = Job.of("job-000001", "zendesk", new byte[600], Job.Terms.of("job-000001"), 1);
    private final Lease lease =
            Lease.first(job, new Lease.Hold("0", "1795417533189-0", 1_795_417_533_189_270L, Instant.EPOCH));
    private final Settlement delivered = new Settlement(
            lease, new Outcome.Delivered(new Attempt(1, 1_795_417_533_189L, 200, 12, "", ""), request, false));
    private final Settlement retried = new Settlement(
            lease,
            new Outcome.Retry(
                    new Attempt(1, 1_795_417_533_189L, 503, 12, "HTTP 503", "busy"), Duration.ofSeconds(11), request));
    private final SettlementEncoder encoder =
            new SettlementEncoder(new FrozenRequests(Sealer.of("0".repeat(64), new Random(1))), true);
    private final byte[] frozen = RequestCodec.encode(request);

    @Benchmark
    public Object settleDelivered() {
        return encoder.encode(delivered);
    }

    @Benchmark
    public Object settleRetried() {
        return encoder.encode(retried);
    }

    @Benchmark
    public RenderedRequest readFrozen() {
        return RequestCodec.decode(ByteBuffer.wrap(frozen));
    }
}
