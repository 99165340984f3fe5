package io.posthaste.trace;

import io.posthaste.job.Lease;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The turn that is counted on this thread. Metrics ask for its trace only when an exemplar is due, some times a second. */
final class CountedTurn implements SpanContext {
    /** One for each gateway, and a process has one, so it need not be static. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Lease> counted = new ThreadLocal<>();

    private final Predicate<SpanIds> isExported;

    /** @param isExported whether a trace is sampled, so that whoever follows an exemplar finds it */
    CountedTurn(Predicate<SpanIds> isExported) {
        this.isExported = isExported;
    }

    void count(Lease lease, Runnable counting) {
        counted.set(lease);
        try {
            counting.run();
        } finally {
            counted.remove();
        }
    }

    private @Nullable SpanIds ids() {
        Lease lease = counted.get();
        return lease == null ? null : SpanIds.of(lease);
    }

    @Override
    public @Nullable String getCurrentTraceId() {
        SpanIds ids = ids();
        return ids == null ? null : ids.trace();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        SpanIds ids = ids();
        return ids == null ? null : ids.send();
    }

    @Override
    public boolean isCurrentSpanSampled() {
        SpanIds ids = ids();
        return ids != null && isExported.test(ids);
    }

    /** Nothing: what is exported is decided by then. */
    @Override
    public void markCurrentSpanAsExemplar() {}
}
