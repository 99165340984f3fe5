package io.posthaste.job;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values that must not be shown wherever they turn up: as they are, percent-encoded, inside a JSON string, and anywhere
 * in a base64 text, which is how templates and receivers pass them on (SEC-3). Never printed. However many there are,
 * hiding looks once at each character.
 */
public final class SecretValues {
    public static final SecretValues NONE = new SecretValues(List.of());

    /** What stands where a value stood. */
    public static final String MASK = "***";

    /** Shorter values are too likely to be part of something else. */
    private static final int SHORTEST = 4;

    /** Shorter pieces of base64 are too likely to be a piece of something else. */
    private static final int SHORTEST_CORE = 8;

    private final List<String> values;

    /** By their first {@link #SHORTEST} characters; the longest first, or the rest of it would stay behind a shorter. */
    private final Map<Long, List<Form>> forms = new HashMap<>();

    /** @param core a piece of base64: the whole text it is part of is hidden */
    private record Form(String text, boolean core) {}

    private SecretValues(List<String> values) {
        this.values = values;
        for (String value : values) {
            plain(value).forEach(text -> add(new Form(text, false), SHORTEST));
            cores(value.getBytes(StandardCharsets.UTF_8)).forEach(text -> add(new Form(text, true), SHORTEST_CORE));
        }
        forms.values()
                .forEach(list -> list.sort(Comparator.comparingInt((Form form) -> form.text.length())
                        .reversed()));
    }

    private void add(Form form, int shortest) {
        if (form.text.length() >= shortest) {
            forms.computeIfAbsent(start(form.text, 0), key -> new ArrayList<>()).add(form);
        }
    }

    public static SecretValues of(Collection<String> values) {
        return values.isEmpty() ? NONE : new SecretValues(List.copyOf(new LinkedHashSet<>(values)));
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** The values themselves, for keeping them sealed beside what they were used in. */
    public List<String> values() {
        return values;
    }

    /** The text without any of these values. */
    public String hide(String text) {
        if (forms.isEmpty()) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        int copied = 0;
        int at = 0;
        while (at + SHORTEST <= text.length()) {
            Form form = formAt(text, at);
            if (form == null) {
                at++;
                continue;
            }
            int end = at + form.text.length();
            shown.append(text, copied, form.core ? startOfToken(text, at, copied) : at)
                    .append(MASK);
            copied = form.core ? endOfToken(text, end) : end;
            at = copied;
        }
        return copied == 0 ? text : shown.append(text, copied, text.length()).toString();
    }

    private @Nullable Form formAt(String text, int at) {
        for (Form form : forms.getOrDefault(start(text, at), List.of())) {
            if (text.startsWith(form.text, at)) {
                return form;
            }
        }
        return null;
    }

    private static Long start(String text, int at) {
        return (long) text.charAt(at) << 48
                | (long) text.charAt(at + 1) << 32
                | (long) text.charAt(at + 2) << 16
                | text.charAt(at + 3);
    }

    private static Set<String> plain(String value) {
        String form = URLEncoder.encode(value, StandardCharsets.UTF_8);
        Set<String> plain = new LinkedHashSet<>();
        plain.add(value);
        plain.add(form);
        plain.add(form.replace("+", "%20"));
        plain.add(value.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t"));
        return plain;
    }

    /** What base64 makes of the value wherever it begins: the characters that depend on it alone. */
    private static Set<String> cores(byte[] value) {
        Set<String> cores = new LinkedHashSet<>();
        for (int skipped = 0; skipped < 3; skipped++) {
            int length = (value.length - skipped) / 3 * 3;
            if (length > 0) {
                byte[] whole = Arrays.copyOfRange(value, skipped, skipped + length);
                cores.add(Base64.getEncoder().encodeToString(whole));
                cores.add(Base64.getUrlEncoder().encodeToString(whole));
            }
        }
        return cores;
    }

    private static int startOfToken(String text, int at, int least) {
        int start = at;
        while (start > least && isBase64(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private static int endOfToken(String text, int at) {
        int end = at;
        while (end < text.length() && (isBase64(text.charAt(end)) || text.charAt(end) == '=')) {
            end++;
        }
        return end;
    }

    private static boolean isBase64(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '-'
                || c == '_';
    }

    @Override
    public String toString() {
        return "SecretValues[" + values.size() + "]";
    }
}
