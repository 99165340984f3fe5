package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SettleFailuresTest {
    private final Exception outage = new IllegalStateException("Redis is away");

    private final Logger logger = (Logger) LoggerFactory.getLogger(SettleFailures.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final SettleFailures failures = new SettleFailures();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    @Test
    void anOutageIsToldEverMoreSeldom() {
        fail(1000);

        assertThat(told()).containsExactly("1", "2", "4", "8", "16", "32", "64", "128", "256", "512");
    }

    @Test
    void oneJobThatGoesOnFailingIsNotToldAnewWheneverAnotherRecovers() {
        fail(2);
        for (int i = 0; i < 100; i++) {
            failures.failed(1, true, outage);
            failures.recovered();
        }

        assertThat(told()).containsExactly("1", "2", "4", "8", "16", "32", "64");
    }

    @Test
    void anotherOutageIsToldAgainOnceBothHalvesOfTheFirstRecovered() {
        fail(3);
        failures.split();
        failures.recovered();
        failures.recovered();
        fail(1);

        assertThat(told()).containsExactly("1", "2", "1");
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            failures.failed(128, i == 0, outage);
        }
    }

    /** The count of failures in each line. */
    private List<String> told() {
        return lines.list.stream()
                .map(line -> String.valueOf(line.getKeyValuePairs().getFirst().value))
                .toList();
    }
}
