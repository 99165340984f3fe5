package io.posthaste.liquid.value;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Values as JSON text: names in stored order, numbers as they were written, text beyond ASCII as it is. */
public final class JsonWriter {
    /** Nothing between the tokens. */
    public static final JsonWriter COMPACT = new JsonWriter(",", 0);
    /** A space after each comma, none after a colon: what Ruby's {@code inspect} becomes by {@code replace: "=>", ":"} (M38). */
    public static final JsonWriter SPACED = new JsonWriter(", ", 0);

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final String comma;
    private final int indent;

    private JsonWriter(String comma, int indent) {
        this.comma = comma;
        this.indent = indent;
    }

    /** One item a line, that many spaces deeper at each level; 0 for compact. */
    public static JsonWriter indented(int spaces) {
        return spaces <= 0 ? COMPACT : new JsonWriter(",", Math.min(spaces, 10));
    }

    public void write(Object value, Utf8Buffer out) {
        write(value, out, 0);
    }

    private void write(Object value, Utf8Buffer out, int depth) {
        Values.checkDepth(depth);
        out.visit();
        switch (value) {
            case Utf8 text -> string(text.toString(), out);
            case String text -> string(text, out);
            case Long number -> out.append(number.longValue());
            case Nil nil -> out.append("null");
            case Literal literal -> out.append("\"\"");
            case List<?> list -> list(list, out, depth);
            case Map<?, ?> map -> object(map, out, depth);
            case Members members -> out.append("{}");
            case Boolean truth -> out.append(truth.toString());
            case Decimal number -> out.append(number.toString());
            default -> string(value.toString(), out);
        }
    }

    private void list(List<?> list, Utf8Buffer out, int depth) {
        out.append('[');
        Iterator<?> items = list.iterator();
        for (boolean first = true; items.hasNext(); first = false) {
            separate(first, out, depth + 1);
            write(items.next(), out, depth + 1);
        }
        close(list.isEmpty(), ']', out, depth);
    }

    private void object(Map<?, ?> map, Utf8Buffer out, int depth) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> member : map.entrySet()) {
            separate(first, out, depth + 1);
            string(member.getKey().toString(), out);
            out.append(indent > 0 ? ": " : ":");
            write(member.getValue(), out, depth + 1);
            first = false;
        }
        close(map.isEmpty(), '}', out, depth);
    }

    private void separate(boolean first, Utf8Buffer out, int depth) {
        if (!first) {
            out.append(comma);
        }
        newLine(out, depth);
    }

    private void close(boolean empty, char bracket, Utf8Buffer out, int depth) {
        if (!empty) {
            newLine(out, depth);
        }
        out.append(bracket);
    }

    private void newLine(Utf8Buffer out, int depth) {
        if (indent > 0) {
            out.append('\n');
            for (int i = 0; i < depth * indent; i++) {
                out.append(' ');
            }
        }
    }

    private static void string(String text, Utf8Buffer out) {
        out.append('"');
        escape(text, out);
        out.append('"');
    }

    /** The inside of a JSON string. */
    public static void escape(String text, Utf8Buffer out) {
        int plainFrom = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\' || isLoneSurrogate(text, i)) {
                out.append(text.substring(plainFrom, i));
                escape(c, out);
                plainFrom = i + 1;
            }
        }
        out.append(plainFrom == 0 ? text : text.substring(plainFrom));
    }

    private static boolean isLoneSurrogate(String text, int i) {
        char c = text.charAt(i);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        return Character.isHighSurrogate(c)
                ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                : i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
    }

    private static void escape(char c, Utf8Buffer out) {
        out.append('\\');
        switch (c) {
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            case '\b' -> out.append('b');
            case '\f' -> out.append('f');
            case '"', '\\' -> out.append(c);
            default -> {
                out.append('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append((char) HEX[c >> shift & 0xF]);
                }
            }
        }
    }
}
