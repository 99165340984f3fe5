package io.posthaste.metrics;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * A log event as one line of JSON: {@code time} (RFC 3339, UTC), {@code level}, {@code logger} and {@code event}, then its own
 * fields, and {@code error} with what was thrown and where. Values that are numbers are numbers; nothing a stranger says can
 * add a field, end the line or take the place of one of the four.
 */
public final class LogJson extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};
    private static final int FRAMES = 12;

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", event.getInstant().toString());
        fields.put("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
        fields.put("logger", event.getLoggerName());
        fields.put("event", event.getFormattedMessage());
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> fields.putIfAbsent(pair.key, pair.value));
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            fields.putIfAbsent("error", text(thrown));
        }
        StringBuilder line = new StringBuilder("{");
        fields.forEach((name, value) -> {
            line.append(line.length() == 1 ? "" : ",");
            quote(line, name);
            line.append(':');
            if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
                line.append(value);
            } else {
                quote(line, String.valueOf(value));
            }
        });
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(IThrowableProxy thrown) {
        StringBuilder text = new StringBuilder(thrown.getClassName() + ": " + thrown.getMessage());
        for (int i = 0; i < Math.min(FRAMES, thrown.getStackTraceElementProxyArray().length); i++) {
            text.append("\n").append(thrown.getStackTraceElementProxyArray()[i]);
        }
        IThrowableProxy cause = thrown.getCause();
        return cause == null
                ? text.toString()
                : text.append("\ncaused by ").append(text(cause)).toString();
    }

    private static void quote(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (isUnseen(c)) {
                line.append("\\u%04x".formatted((int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }

    /** Controls, halves of characters, and what ends lines or turns them round for those who read the file as it is. */
    private static boolean isUnseen(char c) {
        return c < ' '
                || (c >= 0x7f && c < 0xa0)
                || Character.isSurrogate(c)
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
