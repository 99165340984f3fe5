package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.testing.Receiver.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import liqp.TemplateContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A host that has no place for a job. */
class FullHostIT {
    private static final int JOBS = 12;

    @AutoClose
    private final TestGateway gateway = new TestGateway();

    /** Counts how often it is rendered. */
    public static final class Counted extends liqp.filters.Filter {
        static final AtomicInteger TIMES = new AtomicInteger();

        public Counted() {
            super("counted");
        }

        @Override
        public Object apply(Object value, TemplateContext context, Object... arguments) {
            TIMES.incrementAndGet();
            return value;
        }
    }

    @Test
    void noJobIsRenderedOnlyToBeGivenBack() {
        gateway.with("RENDER_FILTERS", Counted.class.getName())
                .with("SEND_MAX_IN_FLIGHT_PER_HOST", "1")
                .start();
        gateway.receiver.usually(request ->
                Answer.of(200).after(new CompletableFuture<>().completeOnTimeout("", 200, TimeUnit.MILLISECONDS)));
        gateway.api().put("/v1/actions/counted", """
                {"url": "%s", "body": "{{ 1 | counted }}"}""".formatted(gateway.receiver.url("/hook")));
        Counted.TIMES.set(0);

        for (int i = 0; i < JOBS; i++) {
            gateway.enqueue("job-" + i, "action", "counted", "data", "{}");
        }
        for (int i = 0; i < JOBS; i++) {
            gateway.told("job-" + i, "sent");
        }

        // Two that look at the same time may both see the one place; those that only waited were rendered tens of
        // times.
        assertThat(Counted.TIMES.get()).isBetween(JOBS, 2 * JOBS);
    }
}
