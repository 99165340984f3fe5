package io.posthaste.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings one by one, each with its default and what is allowed. A bad value becomes a problem and the default
 * is used, so that one pass finds every mistake.
 */
final class Settings {
    private static final String AUTO = "auto";

    private final Map<String, GivenSettings.Given> given;
    private final List<String> problems;
    private final Map<String, String> defaults = new LinkedHashMap<>();

    Settings(Map<String, GivenSettings.Given> given, List<String> problems) {
        this.given = given;
        this.problems = problems;
    }

    /** Every key that was asked for, in order, with its default as it would be written. */
    Map<String, String> defaults() {
        return defaults;
    }

    int count(String key, int byDefault, int min, int max) {
        String allowed = "a whole number from %d to %d".formatted(min, max);
        return read(key, "" + byDefault, allowed, text -> (int) within(Long.parseLong(text), min, max));
    }

    /** 0 for {@code auto}, which is what it is by default. */
    int countOrAuto(String key, int min, int max) {
        String allowed = "%s or a whole number from %d to %d".formatted(AUTO, min, max);
        return read(key, AUTO, allowed, text -> text.equals(AUTO) ? 0 : (int) within(Long.parseLong(text), min, max));
    }

    double number(String key, String byDefault, String min, String max) {
        double least = Double.parseDouble(min);
        double most = Double.parseDouble(max);
        return read(key, byDefault, "a number from %s to %s".formatted(min, max), text -> {
            double value = Double.parseDouble(text);
            check(value >= least && value <= most);
            return value;
        });
    }

    boolean flag(String key, boolean byDefault) {
        return Boolean.parseBoolean(choice(key, "" + byDefault, "true", "false"));
    }

    String choice(String key, String byDefault, String... options) {
        List<String> all = List.of(options);
        return text(key, byDefault, all::contains, "one of " + String.join(", ", all));
    }

    Duration duration(String key, String byDefault, String min, String max) {
        Duration least = Units.duration(min);
        Duration most = Units.duration(max);
        String allowed = "a duration from %s to %s with its unit: ms, s, m, h or d".formatted(min, max);
        return read(key, byDefault, allowed, text -> {
            Duration value = Units.duration(text);
            check(value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
            return value;
        });
    }

    /** Zero for {@code off}. */
    Duration durationOrOff(String key, String byDefault, String min, String max) {
        Duration least = Units.duration(min);
        Duration most = Units.duration(max);
        String allowed = "off, or a duration from %s to %s with its unit: ms, s, m, h or d".formatted(min, max);
        return read(key, byDefault, allowed, text -> {
            Duration value = text.equals("off") ? Duration.ZERO : Units.duration(text);
            check(value.isZero() ? text.equals("off") : value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
            return value;
        });
    }

    long size(String key, String byDefault, String min, String max) {
        String allowed = "a size from %s to %s with its unit: B, KiB, MiB or GiB".formatted(min, max);
        return read(key, byDefault, allowed, text -> within(Units.bytes(text), Units.bytes(min), Units.bytes(max)));
    }

    Path path(String key, String byDefault) {
        return Path.of(text(key, byDefault, text -> !text.isBlank(), "the path of a file or directory"));
    }

    String text(String key, String byDefault, Predicate<String> rule, String allowed) {
        return read(key, byDefault, allowed, text -> {
            check(rule.test(text));
            return text;
        });
    }

    /** A value that no message repeats; null when it is not given. */
    @Nullable
    String secret(String key, Pattern form, String allowed) {
        GivenSettings.Given value = given(key, "");
        if (value == null) {
            return null;
        }
        if (!form.matcher(value.text()).matches()) {
            problems.add(message(key, "***", allowed, value));
        }
        return value.text();
    }

    /** A YAML list, or one text with commas; empty by default. {@code parse} throws IllegalArgumentException. */
    <T> List<T> list(String key, String allowed, Function<String, T> parse) {
        GivenSettings.Given value = given(key, "[]");
        if (value == null) {
            return List.of();
        }
        return value.elements()
                .flatMap(element -> parsed(key, element, allowed, value, parse).stream())
                .toList();
    }

    /** Unknown keys are mistakes, not wishes to ignore. Call it last. */
    void refuseUnknown() {
        given.forEach((key, value) -> {
            if (!defaults.containsKey(key) && !isEmptySection(key, value)) {
                String hint = Spelling.closest(key, defaults.keySet())
                        .map(meant -> "; did you mean " + meant + "?")
                        .orElse("; config/posthaste.yaml lists every key");
                problems.add("%s: unknown key (%s)%s".formatted(key, value.place(), hint));
            }
        });
    }

    private <T> T read(String key, String byDefault, String allowed, Function<String, T> parse) {
        GivenSettings.Given value = given(key, byDefault);
        Optional<T> read = value == null ? Optional.empty() : parsed(key, value.text(), allowed, value, parse);
        return read.orElseGet(() -> parse.apply(byDefault));
    }

    private GivenSettings.@Nullable Given given(String key, String byDefault) {
        defaults.put(key, byDefault);
        GivenSettings.Given value = given.get(key);
        return value == null || value.isUnset() ? null : value;
    }

    /** A section whose keys are all commented out. */
    private boolean isEmptySection(String key, GivenSettings.Given value) {
        return value.isUnset() && defaults.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
    }

    private <T> Optional<T> parsed(
            String key, String text, String allowed, GivenSettings.Given value, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException e) {
            problems.add(message(key, text, allowed, value));
            return Optional.empty();
        }
    }

    private static String message(String key, String text, String allowed, GivenSettings.Given value) {
        // An address may hold a password before its last @.
        String shown = text.replaceAll("//[^,]*@", "//***@");
        return "%s = %s: must be %s (%s)".formatted(key, shown, allowed, value.place());
    }

    private static long within(long value, long min, long max) {
        check(value >= min && value <= max);
        return value;
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("not allowed");
        }
    }
}
