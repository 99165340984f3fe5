package io.posthaste.liquid.filter;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Dates as people and systems write them: ISO 8601, RFC 822, {@code March 14, 2016}, Unix seconds, {@code now}. */
final class DateParser {
    private static final int MAX_LENGTH = 64;
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    // The texts are at most 64 characters long and no part can match in two ways, so matching is short.
    private static final String TIME =
            "(?:[T ,]+(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?)?"
                    + " ?(?<half>[AaPp][Mm])?)?";
    private static final String OFFSET = " ?(?<zone>Z|UTC|GMT|[+-]\\d{2}:?\\d{2})?";
    private static final String ZONE = OFFSET + "(?: \\d{4})?";
    private static final String WEEKDAY = "(?:[A-Za-z]{3,9},? )?";
    private static final String MONTH = "(?<name>[A-Za-z]{3,9})\\.?";
    private static final List<Pattern> FORMATS = List.of(
            Pattern.compile("(?<year>\\d{4})[-/](?<month>\\d{1,2})[-/](?<day>\\d{1,2})" + TIME + ZONE),
            Pattern.compile(WEEKDAY + MONTH + " {1,2}(?<day>\\d{1,2})" + TIME + OFFSET + " (?<year>\\d{4})"),
            Pattern.compile(WEEKDAY + MONTH + " (?<day>\\d{1,2})(?:st|nd|rd|th)?,? (?<year>\\d{4})" + TIME + ZONE),
            Pattern.compile(
                    WEEKDAY + "(?<day>\\d{1,2})(?:st|nd|rd|th)?[ -]" + MONTH + "[ -,]*(?<year>\\d{4})" + TIME + ZONE));

    private DateParser() {}

    /** The moment, in UTC unless the text names an offset; null if it is none. */
    static @Nullable ZonedDateTime parse(String text, Instant now) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return null;
        }
        if (text.equals("now") || text.equals("today")) {
            return now.atZone(ZoneOffset.UTC);
        }
        if (isSeconds(text)) {
            return Instant.ofEpochSecond(Long.parseLong(text)).atZone(ZoneOffset.UTC);
        }
        for (Pattern format : FORMATS) {
            Matcher match = format.matcher(text);
            if (match.matches()) {
                return moment(match, format.pattern().contains("<name>"));
            }
        }
        return null;
    }

    private static boolean isSeconds(String text) {
        return text.length() <= 12 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static @Nullable ZonedDateTime moment(Matcher match, boolean named) {
        int month = named ? month(match.group("name")) : number(match, "month");
        try {
            LocalDate date = LocalDate.of(number(match, "year"), month, number(match, "day"));
            return date.atTime(time(match)).atZone(zone(match.group("zone")));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int month(String name) {
        return MONTHS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT)) + 1;
    }

    private static LocalTime time(Matcher match) {
        String half = match.group("half");
        int hour = number(match, "hour");
        if (half != null) {
            hour = hour % 12 + (half.equalsIgnoreCase("pm") ? 12 : 0);
        }
        String fraction = match.group("fraction");
        int nanos = fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
        return LocalTime.of(hour, number(match, "minute"), number(match, "second"), nanos);
    }

    private static int number(Matcher match, String group) {
        String digits = match.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static ZoneId zone(@Nullable String zone) {
        return zone == null || zone.equals("Z") || zone.equals("UTC") || zone.equals("GMT")
                ? ZoneOffset.UTC
                : ZoneOffset.of(zone);
    }
}
