package io.posthaste.metrics;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** How this process logs. Only what is Posthaste's own changes its level: libraries print bodies below theirs. */
public final class LogSettings {
    private static final String OURS = "io.posthaste";

    private LogSettings() {}

    /** One line of JSON for each event from now on. */
    public static void useJson() {
        if (context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("STDERR")
                instanceof ConsoleAppender<ILoggingEvent> appender) {
            LogJson json = new LogJson();
            json.setContext(context());
            json.start();
            appender.setEncoder(json);
        }
    }

    /** @param level one of {@code error, warn, info, debug, trace} */
    public static void setLevel(String level) {
        ours().setLevel(Level.valueOf(level));
    }

    public static String level() {
        return ours().getEffectiveLevel().toString().toLowerCase(Locale.ROOT);
    }

    private static Logger ours() {
        return context().getLogger(OURS);
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
