package io.posthaste.metrics;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import org.slf4j.event.KeyValuePair;

/**
 * The pairs of a log event as {@code key=value}, in quotation marks where a value could be read as something else: much of
 * what is logged was said by others, who must not be able to add a pair of their own (ADM-15).
 */
public final class LogPairs extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        if (event.getKeyValuePairs() == null) {
            return "";
        }
        StringBuilder line = new StringBuilder();
        for (KeyValuePair pair : event.getKeyValuePairs()) {
            line.append(line.isEmpty() ? "" : " ").append(pair.key).append('=');
            append(line, String.valueOf(pair.value));
        }
        return line.toString();
    }

    private static void append(StringBuilder line, String value) {
        if (isPlain(value)) {
            line.append(value);
            return;
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            line.append(c == '"' || c == '\\' ? "\\" : "").append(c);
        }
        line.append('"');
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '=' || Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                return false;
            }
        }
        return !value.isEmpty();
    }
}
