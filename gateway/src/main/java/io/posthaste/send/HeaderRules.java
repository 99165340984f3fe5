package io.posthaste.send;

import io.posthaste.job.Header;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which headers an action may carry (M19 to M21, REQ-1, REQ-2). The same rules hold when an action is saved and,
 * once its templates are resolved, immediately before a request is sent.
 */
public final class HeaderRules {
    private static final int MOST_HEADERS = 64;
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_VALUE = 8192;
    private static final int MOST_BYTES = 16 * 1024;
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final Set<String> RESERVED = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "te",
            "trailer",
            "connection",
            "keep-alive",
            "upgrade",
            "http2-settings",
            "expect",
            "via",
            "forwarded",
            "content-encoding");

    private final String ownPrefix;

    /** @param ownPrefix prefix of the automatic headers, {@code X-CIO-} unless configured otherwise */
    public HeaderRules(String ownPrefix) {
        if (ownPrefix.isEmpty() || !isToken(ownPrefix)) {
            throw new IllegalArgumentException(
                    "send.header-prefix must be a header name's beginning such as X-CIO-, is: " + ownPrefix);
        }
        this.ownPrefix = ownPrefix.toLowerCase(Locale.ROOT);
    }

    /** What is wrong with a header's name, in one line, or null when nothing is. */
    public @Nullable String problemWithName(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME || !isToken(name)) {
            return "header name must be 1 to 256 letters, digits or " + TOKEN_MARKS + " and no whitespace";
        }
        return isReserved(name.toLowerCase(Locale.ROOT)) ? "header " + name + " is set by the gateway" : null;
    }

    /** What is wrong with a resolved value, in one line that does not quote it, or null when nothing is. */
    public @Nullable String problemWithValue(String name, String value) {
        if (value.length() > LONGEST_VALUE) {
            return "header " + name + " is longer than " + LONGEST_VALUE + " bytes";
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c > '~') {
                return "header %s contains %s at position %d".formatted(name, nameOf(c), i + 1);
            }
        }
        return value.isEmpty() || (isVisible(value.charAt(0)) && isVisible(value.charAt(value.length() - 1)))
                ? null
                : "header " + name + " begins or ends with whitespace";
    }

    /** What is wrong with an action's resolved headers taken together, in one line, or null when nothing is. */
    public @Nullable String problemWith(List<Header> headers) {
        if (headers.size() > MOST_HEADERS) {
            return "more than " + MOST_HEADERS + " headers";
        }
        int bytes = 0;
        for (int i = 0; i < headers.size(); i++) {
            String problem = problemWith(headers, i);
            if (problem != null) {
                return problem;
            }
            bytes += headers.get(i).name().length() + headers.get(i).value().length() + 4;
        }
        return bytes > MOST_BYTES ? "headers are longer than " + MOST_BYTES + " bytes in total" : null;
    }

    private @Nullable String problemWith(List<Header> headers, int index) {
        Header header = headers.get(index);
        String problem = problemWithName(header.name());
        if (problem == null) {
            problem = problemWithValue(header.name(), header.value());
        }
        return problem == null && isSingle(header.name()) && isRepeated(headers, index)
                ? "header " + header.name() + " may appear only once"
                : problem;
    }

    private boolean isReserved(String name) {
        return RESERVED.contains(name)
                || name.startsWith(ownPrefix)
                || name.startsWith("proxy-")
                || name.startsWith("x-forwarded-")
                || name.startsWith("webhook-");
    }

    private static boolean isSingle(String name) {
        return name.equalsIgnoreCase("content-type") || name.equalsIgnoreCase("authorization");
    }

    private static boolean isRepeated(List<Header> headers, int index) {
        String name = headers.get(index).name();
        return headers.subList(0, index).stream().anyMatch(other -> other.name().equalsIgnoreCase(name));
    }

    private static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && TOKEN_MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVisible(char c) {
        return c != ' ' && c != '\t';
    }

    private static String nameOf(char c) {
        return c > 0x7F ? "a character that is not ASCII" : "the control character U+%04X".formatted((int) c);
    }
}
