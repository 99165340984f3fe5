package io.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What {@code logback.xml} makes of events (SEC-4, ADM-15). */
class LoggingTest {
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    /** Their own level is set, so that a root at DEBUG does not make them print bodies. */
    @ParameterizedTest
    @ValueSource(strings = {"io.netty", "io.lettuce", "reactor"})
    void librariesThatPrintBodiesStayQuiet(String name) {
        assertThat(context.getLogger(name).getLevel()).isEqualTo(Level.WARN);
    }

    @Test
    void aValueCannotAddAPairOfItsOwn() {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ConsoleAppender<ILoggingEvent> appender = (ConsoleAppender<ILoggingEvent>) root.getAppender("STDERR");
        LoggingEvent event = new LoggingEvent("", root, Level.INFO, "e", null, null);
        event.addKeyValuePair(new KeyValuePair("plain", "HTTP/1.1"));
        event.addKeyValuePair(new KeyValuePair("reason", "x status=200"));
        event.addKeyValuePair(new KeyValuePair("quoted", "a\" who=admin"));
        event.addKeyValuePair(new KeyValuePair("empty", ""));

        assertThat(new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8))
                .endsWith(" e plain=HTTP/1.1 reason=\"x status=200\" quoted=\"a\\\" who=admin\" empty=\"\"\n");
    }

    @Test
    void textFromOutsideStaysOnItsLineAndTurnsNothingRound() {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ConsoleAppender<ILoggingEvent> appender = (ConsoleAppender<ILoggingEvent>) root.getAppender("STDERR");
        String hostile = "a\r\nb\u001b[31mc\u0000d\u0085e\u2028f\u202eg";

        byte[] line = appender.getEncoder().encode(new LoggingEvent("", root, Level.INFO, hostile, null, null));

        assertThat(new String(line, StandardCharsets.UTF_8))
                .contains("a??b?[31mc?d?e?f?g")
                .hasLineCount(1);
    }
}
