package io.posthaste.bench;

import io.posthaste.action.Action;
import io.posthaste.action.LaneLimits;
import io.posthaste.action.RetryPolicy;
import io.posthaste.action.SecretUse;
import io.posthaste.classify.ReplyClassifier;
import io.posthaste.classify.RetrySchedule;
import io.posthaste.job.Header;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import java.nio.charset.StandardCharsets;
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
 * What does judging a reply cost? It runs on an event loop, so even the worst case must be a matter of microseconds.
 * Run: {@code scripts/bench ClassifyBenchmark -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClassifyBenchmark {
    private static final RenderedRequest REQUEST =
            new RenderedRequest("POST", "https://receiver.example/", List.of(), new byte[256]);
    private static final List<Header> HEADERS = List.of(
            new Header("Date", "Thu, 15 Jan 2026 10:20:30 GMT"),
            new Header("Content-Type", "application/json"),
            new Header("Retry-After", "Thu, 15 Jan 2026 10:25:30 GMT"));

    private final ReplyClassifier classifier =
            new ReplyClassifier(new RetrySchedule(new Random(1), RetrySchedule.JITTER, 1));
    private final Instant startedAt = Instant.parse("2026-01-15T10:20:30Z");
    private final Lease lease = Lease.first(
            new Job(
                    "id-1",
                    "lane",
                    "action",
                    null,
                    new byte[0],
                    new Job.Terms("id-1", false, Job.Results.FINAL, null),
                    0),
            new Lease.Hold("0", "1-1", 7, startedAt.plusSeconds(19)));
    private final Action action = new Action(
            "action",
            "",
            new Action.Revision(1, 0, 0),
            new Action.Request(
                    "POST",
                    "https://api.example.com/",
                    List.of(),
                    "",
                    Action.OnMissing.FAIL,
                    Action.Escaping.NONE,
                    false),
            new Action.Rules(Action.Sending.AUTOMATIC, RetryPolicy.STANDARD, LaneLimits.DEFAULT),
            new Action.Answers(List.of(), false),
            new Action.Trust(SecretUse.LITERAL_HOST, List.of(Action.Signature.CIO)));
    private final Reply ok = new Reply.Answered(200, HEADERS, body("{\"id\":1}"), false, 12);
    private final Reply busy =
            new Reply.Answered(429, HEADERS, body("{\"error\":\"slow down\"}\n".repeat(64)), false, 12);
    private final Reply timeout = new Reply.NoAnswer(NoAnswerCause.TIMEOUT, "no answer", 4_000);

    @Benchmark
    public Outcome delivered() {
        return classify(ok);
    }

    /** Retry-After as a date, and 1 KiB of body made into one line. */
    @Benchmark
    public Outcome throttled() {
        return classify(busy);
    }

    @Benchmark
    public Outcome timedOut() {
        return classify(timeout);
    }

    private Outcome classify(Reply reply) {
        return classifier.classify(lease, action, REQUEST, startedAt, reply);
    }

    private static byte[] body(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
