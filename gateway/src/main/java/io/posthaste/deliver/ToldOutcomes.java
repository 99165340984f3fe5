package io.posthaste.deliver;

import io.posthaste.job.Attempt;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tells of attempts that did not deliver, a bounded number of times: of each lane and reason the first ones in an interval,
 * and how many more there were when the next begins. Ten thousand failures a second are then a few lines, and what fails
 * seldom is told each time. Thread-safe.
 */
final class ToldOutcomes {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int FIRST = 10;

    /** Where a traceparent has the trace's id: {@code 00-<32 digits>-…}. */
    private static final int TRACE_START = 3;

    private static final int TRACE_END = 35;

    /** Lanes with their reasons that are told apart in an interval; those beyond are counted together. */
    private static final int MOST_KINDS = 200;

    private static final Kind OTHERS = new Kind("delivery.others", "", "");

    private final Logger log;
    private final LongSupplier nanoTime;
    private final Map<Kind, Integer> counts = new HashMap<>();
    private long startedAt;

    private record Kind(String event, String lane, String reason) {}

    ToldOutcomes(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.startedAt = nanoTime.getAsLong();
    }

    void tell(Lease lease, String event, String reason, @Nullable Attempt attempt) {
        if (!isTold(new Kind(event, lease.job().lane(), reason))) {
            return;
        }
        log.atInfo()
                .addKeyValue("delivery", lease.job().id())
                .addKeyValue("lane", lease.job().lane())
                .addKeyValue("trace", trace(lease.job()))
                .addKeyValue("attempt", lease.attempt())
                .addKeyValue("elapsed_ms", attempt == null ? 0 : attempt.elapsedMillis())
                .addKeyValue("reason", reason)
                .log(event);
    }

    /** The id of the trace that the producer's belongs to, empty for none. */
    private static String trace(Job job) {
        String context = job.terms().trace();
        return context != null && context.length() >= TRACE_END ? context.substring(TRACE_START, TRACE_END) : "";
    }

    private synchronized boolean isTold(Kind kind) {
        long now = nanoTime.getAsLong();
        if (now - startedAt > INTERVAL_NANOS) {
            counts.forEach(this::tellRest);
            counts.clear();
            startedAt = now;
        }
        Kind counted = counts.size() < MOST_KINDS || counts.containsKey(kind) ? kind : OTHERS;
        return counts.merge(counted, 1, Integer::sum) <= FIRST;
    }

    private void tellRest(Kind kind, int count) {
        if (count > FIRST) {
            log.atInfo()
                    .addKeyValue("lane", kind.lane())
                    .addKeyValue("reason", kind.reason())
                    .addKeyValue("more", count - FIRST)
                    .log(kind.event());
        }
    }
}
