package io.posthaste.render;

import io.posthaste.liquid.template.PrintedValues.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether each value in a rendered URL stays in the part of the URL where its template put it. The parts are those of
 * the template's own text: {@code https://{{shop}}.example/{{id}}} has one host whatever the shop is called.
 *
 * <p>A URL that begins with a value which brings the scheme along has the structure of that value: who writes
 * {@code {{customer.webhook}}} means it.
 */
final class UrlStructure {
    private static final String SEPARATOR = "://";

    private final byte[] url;
    private final int length;
    private final List<Value> values;

    private UrlStructure(byte[] url, int length, List<Value> values) {
        this.url = url;
        this.length = length;
        this.values = values;
    }

    /** The parts of a URL, and what a value may not bring into them. */
    enum Part {
        SCHEME("scheme", "/?#@:\\[]"),
        AUTHORITY("host", "/?#@:\\[]"),
        PATH("path", "?#"),
        QUERY("query", "#"),
        FRAGMENT("fragment", "");

        private final String text;
        private final String refused;

        Part(String text, String refused) {
            this.text = text;
            this.refused = refused;
        }

        /** The part behind a character of the template's own. */
        private Part behind(char own) {
            return switch (this) {
                case SCHEME -> this;
                case AUTHORITY -> own == '/' || own == '\\' ? PATH : own == '?' ? QUERY : own == '#' ? FRAGMENT : this;
                case PATH -> own == '?' ? QUERY : own == '#' ? FRAGMENT : this;
                case QUERY -> own == '#' ? FRAGMENT : this;
                case FRAGMENT -> this;
            };
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A value that would leave its part, by this character. */
    record Breach(Value value, Part part, char character) {}

    /** The first value that leaves its part; null when none does. The values in the order in which they stand there. */
    static @Nullable Breach breach(byte[] url, int length, List<Value> values) {
        return new UrlStructure(url, length, values).breach();
    }

    /** Whether no value is a part of the host, or brings it along. Of a URL without a breach. */
    static boolean isHostLiteral(byte[] url, int length, List<Value> values) {
        return new UrlStructure(url, length, values).isHostLiteral();
    }

    private boolean isHostLiteral() {
        int separator = ownSeparator();
        if (separator < 0) {
            return false;
        }
        int start = separator + SEPARATOR.length();
        int end = start;
        while (end < length && "/?#\\".indexOf(url[end]) < 0) {
            end++;
        }
        for (int i = start; i < end; i++) {
            if (url[i] == '@') {
                start = i + 1;
            }
        }
        for (Value value : values) {
            if (value.start() < end && value.end() > start) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Breach breach() {
        int separator = ownSeparator();
        int from = separator < 0 ? endOfLeadingUrl() : 0;
        if (from < 0) {
            return null; // No URL at all: whoever dials says so.
        }
        Part part = separator < 0 ? partAt(from) : Part.SCHEME;
        int at = from;
        for (Value value : values) {
            if (value.start() < from) {
                continue;
            }
            part = behind(part, at, value.start(), separator);
            Breach breach = leaves(value, part);
            if (breach != null) {
                return breach;
            }
            at = value.end();
        }
        return null;
    }

    /** Where the template's own text has the separator behind its scheme, -1 if a value brings it along. */
    private int ownSeparator() {
        for (int i = 0; i + SEPARATOR.length() <= length; i++) {
            Value value = valueAt(i);
            if (value != null) {
                i = value.end() - 1;
            } else if (isOwnSeparator(i)) {
                return i;
            } else if ("/?#".indexOf(url[i]) >= 0) {
                return -1;
            }
        }
        return -1;
    }

    private boolean isOwnSeparator(int at) {
        for (int i = 0; i < SEPARATOR.length(); i++) {
            if (url[at + i] != SEPARATOR.charAt(i) || valueAt(at + i) != null) {
                return false;
            }
        }
        return true;
    }

    /** The end of the value that holds the separator, -1 if none does. */
    private int endOfLeadingUrl() {
        for (Value value : values) {
            for (int i = value.start(); i + SEPARATOR.length() <= value.end(); i++) {
                if (url[i] == ':' && url[i + 1] == '/' && url[i + 2] == '/') {
                    return value.end();
                }
            }
        }
        return -1;
    }

    /** The part in which a URL that a value brought along ends. */
    private Part partAt(int end) {
        int start = 0;
        while (url[start] != ':' || url[start + 1] != '/' || url[start + 2] != '/') {
            start++;
        }
        Part part = Part.AUTHORITY;
        for (int i = start + SEPARATOR.length(); i < end; i++) {
            part = part.behind((char) url[i]);
        }
        return part;
    }

    private Part behind(Part before, int from, int to, int separator) {
        Part part = before;
        for (int i = from; i < to; i++) {
            if (part == Part.SCHEME && i == separator) {
                part = Part.AUTHORITY;
                i += SEPARATOR.length() - 1;
            } else {
                part = part.behind((char) url[i]);
            }
        }
        return part;
    }

    private @Nullable Breach leaves(Value value, Part part) {
        for (int i = value.start(); i < value.end(); i++) {
            char character = (char) (url[i] & 0xFF);
            if (part.refused.indexOf(character) >= 0
                    && !(character == ':' && part == Part.AUTHORITY && isPassword(value))) {
                return new Breach(value, part, character);
            }
        }
        return null;
    }

    /** Between a colon and an at sign of the template's own, where colons are text. */
    private boolean isPassword(Value value) {
        return hasOwn(':', ownSeparator() + SEPARATOR.length(), value.start()) && hasOwn('@', value.end(), length);
    }

    private boolean hasOwn(char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            Value value = valueAt(i);
            if (value != null) {
                i = value.end() - 1;
            } else if (url[i] == wanted) {
                return true;
            } else if ("/?#".indexOf(url[i]) >= 0) {
                return false;
            }
        }
        return false;
    }

    private @Nullable Value valueAt(int position) {
        for (Value value : values) {
            if (position >= value.start() && position < value.end()) {
                return value;
            }
        }
        return null;
    }
}
