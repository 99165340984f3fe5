package io.posthaste.http;

import io.posthaste.http.ApiProblem.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query of a request target. A parameter nobody knows is a mistake worth telling, and tokens never travel here. */
public final class Query {
    static final int DEFAULT_LIMIT = 50;
    static final int MAX_LIMIT = 500;

    private Query() {}

    /** Reads {@code a=1&b=2}; {@link ApiProblem} 400 for what is malformed, repeated or not in {@code known}. */
    static Map<String, String> parse(String raw, Set<String> known) {
        Map<String, String> values = new HashMap<>();
        for (String pair : raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (!known.contains(name)) {
                String list = known.isEmpty()
                        ? "none"
                        : String.join(", ", known.stream().sorted().toList());
                throw new ApiProblem(Kind.BAD_REQUEST, "unknown query parameter; known here: " + list);
            }
            if (values.put(name, value) != null) {
                throw new ApiProblem(Kind.BAD_REQUEST, "query parameter " + name + " is given twice");
            }
        }
        return Map.copyOf(values);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            throw new ApiProblem(Kind.BAD_REQUEST, "the query holds a broken percent escape");
        }
    }

    /** How many elements a page may have. */
    public static int limit(Call call) {
        String given = call.query().getOrDefault("limit", "" + DEFAULT_LIMIT);
        if (!given.matches("[0-9]{1,3}") || Integer.parseInt(given) < 1 || Integer.parseInt(given) > MAX_LIMIT) {
            throw new ApiProblem(Kind.BAD_REQUEST, "limit: give a number from 1 to " + MAX_LIMIT);
        }
        return Integer.parseInt(given);
    }

    /** The caller's cursor belongs to no page of this list. */
    public static ApiProblem badCursor() {
        return new ApiProblem(Kind.BAD_REQUEST, "cursor: give the cursor of the page before, unchanged");
    }

    /** Where a page begins: what the page before said, or null. */
    public static @Nullable String cursor(Call call) {
        String given = call.query().get("cursor");
        if (given != null && !given.matches("[\\x21-\\x7e]{1,256}")) {
            throw badCursor();
        }
        return given;
    }

    /** Whether a parameter is there; {@link ApiProblem} 400 when it has another value than the one it can have. */
    public static boolean isGiven(Call call, String name, String value) {
        String given = call.query().get(name);
        if (given != null && !given.equals(value)) {
            throw new ApiProblem(Kind.BAD_REQUEST, name + ": leave it out, or give " + value);
        }
        return given != null;
    }

    /** One of these, or null when it is left out. */
    public static @Nullable String choice(Call call, String name, String... values) {
        String given = call.query().get(name);
        if (given != null && !List.of(values).contains(given)) {
            throw new ApiProblem(Kind.BAD_REQUEST, name + ": leave it out, or give " + String.join(" or ", values));
        }
        return given;
    }

    /** A time in epoch milliseconds, given as such or as RFC 3339; 0 when absent. */
    public static long time(Call call, String name) {
        String given = call.query().getOrDefault(name, "0");
        Long millis = millis(given);
        if (millis == null) {
            throw new ApiProblem(Kind.BAD_REQUEST, name + ": give epoch milliseconds or 2026-01-15T10:20:30Z");
        }
        return millis;
    }

    /** Null when the text is neither epoch milliseconds nor RFC 3339. */
    public static @Nullable Long millis(String text) {
        if (text.matches("[0-9]{1,15}")) {
            return Long.valueOf(text);
        }
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException unreadable) {
            return null;
        }
    }
}
