package io.posthaste.deliver.limit;

import io.posthaste.job.Attempt;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Sinks;

/** Limits by a manual clock, and attempts that end as a test wants. */
abstract class HostLimitsCase {
    static final long BYTES = 500;

    static final Outcome DELIVERED = new Outcome.Delivered(
            new Attempt(1, 0, 200, 1, "", ""), new RenderedRequest("POST", "", List.of(), new byte[0]), false);

    final AtomicLong nanos = new AtomicLong();
    final HostLimits limits = limits(1_000, 2);
    final List<Outcome> outcomes = new ArrayList<>();
    int started;

    HostLimits limits(int all, int perHost) {
        return new HostLimits(all, perHost, 400_000_000, nanos::get);
    }

    void prove(String host) {
        prove(limits, host, "lane");
    }

    static void prove(HostLimits limits, String host, String lane) {
        place(limits, host, lane).leave(DELIVERED);
    }

    static Outcome retryAfter(int status) {
        return new Outcome.Retry(new Attempt(1, 0, status, 1, "why", ""), Duration.ofSeconds(11), null);
    }

    Sinks.One<Outcome> start(String host) {
        return start(limits, host, "lane");
    }

    Sinks.One<Outcome> start(HostLimits limits, String host, String lane) {
        Sinks.One<Outcome> attempt = Sinks.one();
        switch (limits.enter(host, lane, BYTES)) {
            case HostLimits.Refused refused -> outcomes.add(refused.outcome());
            case HostLimits.Place place -> {
                started++;
                attempt.asMono()
                        .doOnError(bug -> place.giveUp())
                        .subscribe(
                                outcome -> {
                                    place.leave(outcome);
                                    outcomes.add(outcome);
                                },
                                bug -> {});
            }
        }
        return attempt;
    }

    static int entered(HostLimits limits, String host, long bytes, int tries) {
        int entered = 0;
        for (int i = 0; i < tries; i++) {
            entered += limits.enter(host, "lane", bytes) instanceof HostLimits.Place ? 1 : 0;
        }
        return entered;
    }

    static HostLimits.Place place(HostLimits limits, String host, String lane) {
        return (HostLimits.Place) limits.enter(host, lane, BYTES);
    }
}
