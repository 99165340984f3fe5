package io.posthaste.job;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Values that must not be shown wherever they turn up: as they are, and percent-encoded, as JSON strings and in base64,
 * which is how templates and receivers pass them on (SEC-3). Never printed.
 */
public final class SecretValues {
    public static final SecretValues NONE = new SecretValues(List.of());

    /** What stands where a value stood. */
    public static final String MASK = "***";

    /** Shorter values are too likely to be part of something else. */
    public static final int SHORTEST = 4;

    private final List<String> values;
    private final List<String> forms;

    private SecretValues(List<String> values) {
        this.values = values;
        // Longest first, or the rest of a longer secret would stay behind a shorter one.
        this.forms = values.stream()
                .flatMap(value -> forms(value).stream())
                .filter(form -> form.length() >= SHORTEST)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    public static SecretValues of(Collection<String> values) {
        return values.isEmpty() ? NONE : new SecretValues(List.copyOf(new LinkedHashSet<>(values)));
    }

    /** These and more. */
    public SecretValues and(SecretValues more) {
        if (more.isEmpty() || isEmpty()) {
            return isEmpty() ? more : this;
        }
        Set<String> all = new LinkedHashSet<>(values);
        all.addAll(more.values);
        return of(all);
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
        String shown = text;
        for (String form : forms) {
            shown = shown.replace(form, MASK);
        }
        return shown;
    }

    private static Set<String> forms(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        String form = URLEncoder.encode(value, StandardCharsets.UTF_8);
        Set<String> forms = new LinkedHashSet<>();
        forms.add(value);
        forms.add(form);
        forms.add(form.replace("+", "%20"));
        forms.add(value.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t"));
        forms.add(withoutPadding(Base64.getEncoder(), bytes));
        forms.add(withoutPadding(Base64.getUrlEncoder(), bytes));
        return forms;
    }

    private static String withoutPadding(Base64.Encoder encoder, byte[] bytes) {
        return encoder.withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "SecretValues[" + values.size() + "]";
    }
}
