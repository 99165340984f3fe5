package io.posthaste.classify;

import io.posthaste.action.Action;
import io.posthaste.action.LaneLimits;
import io.posthaste.action.RetryPolicy;
import io.posthaste.action.SecretUse;
import io.posthaste.job.Attempt;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Replies to a lease's attempt, and what became of it. */
abstract class ReplyCase {
    static final Instant START = Instant.parse("2026-01-15T10:20:30Z");
    final ReplyClassifier classifier = new ReplyClassifier(new RetrySchedule(new Random(1), 0, 1));

    static Action action(RetryPolicy policy) {
        return new Action(
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
                new Action.Rules(Action.Sending.AUTOMATIC, policy, LaneLimits.DEFAULT),
                new Action.Answers(List.of(), false),
                new Action.Trust(SecretUse.LITERAL_HOST, List.of(Action.Signature.CIO)));
    }

    static Reply answer(int status, String body) {
        return new Reply.Answered(status, List.of(), body.getBytes(StandardCharsets.UTF_8), false, 120);
    }

    static Lease lease(int attempts, @Nullable RenderedRequest frozen) {
        Job job = new Job(
                "id-1", "lane", "action", null, new byte[0], new Job.Terms("key-1", false, Job.Results.FINAL, null), 0);
        return new Lease(
                job,
                new Lease.Hold("0", "1-1", 7, START.plusSeconds(19)),
                new Lease.Past(attempts, START.toEpochMilli(), false, 0),
                frozen,
                false,
                false);
    }

    static Attempt attempt(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered delivered -> delivered.attempt();
            case Outcome.Retry retry -> retry.attempt();
            case Outcome.Failed failed -> Objects.requireNonNull(failed.attempt());
            case Outcome.Aborted a -> throw new AssertionError(a);
            case Outcome.Cancelled c -> throw new AssertionError(c);
            case Outcome.Skipped s -> throw new AssertionError(s);
            case Outcome.Drafted d -> throw new AssertionError(d);
            case Outcome.Released r -> throw new AssertionError(r);
        };
    }
}
