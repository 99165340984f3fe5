package io.posthaste.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them: a whole number and its unit. */
public final class Units {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,9})\\s*([A-Za-z]*)");
    private static final List<Unit> TIME = List.of(
            new Unit("d", 86_400_000),
            new Unit("h", 3_600_000),
            new Unit("m", 60_000),
            new Unit("s", 1_000),
            new Unit("ms", 1));
    private static final List<Unit> SIZE =
            List.of(new Unit("GiB", 1 << 30), new Unit("MiB", 1 << 20), new Unit("KiB", 1 << 10), new Unit("B", 1));

    private record Unit(String name, long factor) {}

    private Units() {}

    /** {@code 250ms}, {@code 4s}, {@code 1m}, {@code 12h}, {@code 7d}; anything else is an IllegalArgumentException. */
    public static Duration duration(String text) {
        return Duration.ofMillis(amount(text, TIME));
    }

    /** The same with as many units as it takes, the largest first: {@code 1h30m5s}; zero is {@code 0s}. */
    public static String text(Duration duration) {
        StringBuilder text = new StringBuilder();
        long rest = duration.toMillis();
        for (Unit unit : TIME) {
            if (rest >= unit.factor()) {
                text.append(rest / unit.factor()).append(unit.name());
                rest %= unit.factor();
            }
        }
        return text.isEmpty() ? "0s" : text.toString();
    }

    /** {@code 512B}, {@code 64KiB}, {@code 1MiB}, {@code 2GiB}. */
    static long bytes(String text) {
        return amount(text, SIZE);
    }

    private static long amount(String text, List<Unit> units) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("neither number nor unit: " + text);
        }
        // Nine digits times a GiB or a day in milliseconds: no overflow.
        return Long.parseLong(matcher.group(1)) * factor(matcher.group(2), units);
    }

    private static long factor(String name, List<Unit> units) {
        return units.stream()
                .filter(unit -> unit.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such unit: " + name))
                .factor();
    }
}
