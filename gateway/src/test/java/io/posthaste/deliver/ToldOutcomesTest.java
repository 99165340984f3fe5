package io.posthaste.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.posthaste.job.Job;
import io.posthaste.job.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ToldOutcomesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = new LoggerContext().getLogger("told");
    private final ToldOutcomes told = new ToldOutcomes(log, nanos::get);

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @Test
    void whatFailsSeldomIsToldEachTime() {
        for (int i = 0; i < 100; i++) {
            told.tell(lease("crm"), "delivery.failed", "HTTP 404", null);
            nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        }
        assertThat(lines.list).hasSize(100);
    }

    @Test
    void aFloodIsTenLinesAndItsCount() {
        for (int i = 0; i < 10_000; i++) {
            told.tell(lease("crm"), "delivery.failed", "HTTP 404", null);
        }
        assertThat(lines.list).hasSize(10);

        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        told.tell(lease("crm"), "delivery.retried", "HTTP 503", null);

        assertThat(line(lines.list.get(10))).isEqualTo("delivery.failed lane=crm reason=HTTP 404 more=9990");
        assertThat(lines.list).hasSize(12);
    }

    @Test
    void reasonsWithoutEndAreBoundedToo() {
        for (int i = 0; i < 100_000; i++) {
            told.tell(lease("lane-" + i), "delivery.failed", "reason " + i, null);
        }
        assertThat(lines.list).hasSizeLessThan(300);
    }

    private static String line(ILoggingEvent event) {
        return event.getMessage()
                + event.getKeyValuePairs().stream()
                        .map(pair -> " " + pair.key + "=" + pair.value)
                        .collect(Collectors.joining());
    }

    private static Lease lease(String lane) {
        Job job = Job.of("j", lane, new byte[0], Job.Terms.of("k"), 0);
        return Lease.first(job, new Lease.Hold("0", "1-0", 1, Instant.EPOCH));
    }
}
