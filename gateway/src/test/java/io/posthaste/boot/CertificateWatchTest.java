package io.posthaste.boot;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthaste.metrics.TaggedGauge;
import io.posthaste.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CertificateWatchTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(CertificateWatch.class);

    private final ManualClock clock = new ManualClock(NOW);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        LOG.addAppender(lines);
    }

    @AfterEach
    void stop() {
        LOG.detachAppender(lines);
    }

    @Test
    void theSettingDecidesWhenACertificateIsWarnedOfAndThenItIsDaily() {
        CertificateWatch watch = new CertificateWatch(
                () -> Map.of("partner", NOW.plus(Duration.ofDays(10))),
                TaggedGauge.certificates(new SimpleMeterRegistry()),
                Duration.ofDays(7),
                clock);

        watch.look();
        assertThat(told()).isEmpty();

        clock.advance(Duration.ofDays(3).plusMinutes(1));
        watch.look();
        watch.look();
        assertThat(told()).containsExactly("connection.certificate_expiring");

        clock.advance(Duration.ofDays(1).plusMinutes(1));
        watch.look();
        assertThat(told()).hasSize(2);
    }

    private List<String> told() {
        return lines.list.stream().map(ILoggingEvent::getMessage).toList();
    }
}
