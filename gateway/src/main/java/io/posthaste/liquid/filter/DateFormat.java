package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Budget;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** One moment written by {@code strftime} directives, as Ruby knows them: {@code %[flags][width][:]letter}. */
final class DateFormat {
    private static final int MAX_WIDTH = 100;

    private final Budget budget;
    private final TextBuilder out;
    private final ZonedDateTime moment;

    DateFormat(Budget budget, ZonedDateTime moment) {
        this.budget = budget;
        this.out = new TextBuilder(budget, 32);
        this.moment = moment;
    }

    String text(String format) {
        write(format);
        return out.done();
    }

    private void write(String format) {
        int start = 0;
        for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', start)) {
            out.add(format, start, at);
            start = directive(format, at);
        }
        out.add(format, start, format.length());
    }

    /** Writes the directive at a percent sign; gives what follows it. */
    private int directive(String format, int percent) {
        int at = percent + 1;
        while (at < format.length() && "-_0^#".indexOf(format.charAt(at)) >= 0) {
            at++;
        }
        String flags = format.substring(percent + 1, at);
        int width = -1;
        while (at < format.length() && Character.digit(format.charAt(at), 10) >= 0 && width < MAX_WIDTH) {
            width = Math.max(width, 0) * 10 + Character.digit(format.charAt(at++), 10);
        }
        int colons = at;
        while (at < format.length() && format.charAt(at) == ':') {
            at++;
        }
        if (at == format.length()) {
            out.add(format, percent, at);
            return at;
        }
        char letter = format.charAt(at++);
        if (letter == 'z') {
            out.add(offset(at - 1 - colons));
        } else {
            write(letter, flags, Math.min(width, MAX_WIDTH), format.substring(percent, at));
        }
        return at;
    }

    private void write(char letter, String flags, int width, String raw) {
        switch (letter) {
            case 'Y' -> number(moment.getYear(), 1, '0', flags, width);
            case 'C' -> number(Math.floorDiv(moment.getYear(), 100), 2, '0', flags, width);
            case 'y' -> number(Math.floorMod(moment.getYear(), 100), 2, '0', flags, width);
            case 'm' -> number(moment.getMonthValue(), 2, '0', flags, width);
            case 'd' -> number(moment.getDayOfMonth(), 2, '0', flags, width);
            case 'e' -> number(moment.getDayOfMonth(), 2, ' ', flags, width);
            case 'j' -> number(moment.getDayOfYear(), 3, '0', flags, width);
            case 'H' -> number(moment.getHour(), 2, '0', flags, width);
            case 'k' -> number(moment.getHour(), 2, ' ', flags, width);
            case 'I' -> number(hour12(), 2, '0', flags, width);
            case 'l' -> number(hour12(), 2, ' ', flags, width);
            case 'M' -> number(moment.getMinute(), 2, '0', flags, width);
            case 'S' -> number(moment.getSecond(), 2, '0', flags, width);
            case 's' -> number(moment.toEpochSecond(), 1, '0', flags, width);
            case 'u' -> number(moment.getDayOfWeek().getValue(), 1, '0', flags, width);
            case 'w' -> number(moment.getDayOfWeek().getValue() % 7, 1, '0', flags, width);
            case 'G' -> number(moment.get(IsoFields.WEEK_BASED_YEAR), 4, '0', flags, width);
            case 'g' -> number(moment.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flags, width);
            case 'V' -> number(moment.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flags, width);
            case 'U' -> number(week(moment.getDayOfWeek().getValue() % 7), 2, '0', flags, width);
            case 'W' -> number(week(moment.getDayOfWeek().getValue() - 1), 2, '0', flags, width);
            case 'L' -> out.add(fraction(width < 0 ? 3 : width));
            case 'N' -> out.add(fraction(width < 0 ? 9 : width));
            case 'n' -> out.add('\n');
            case 't' -> out.add('\t');
            case '%' -> out.add('%');
            default -> word(letter, flags, width, raw);
        }
    }

    private void word(char letter, String flags, int width, String raw) {
        String word = switch (letter) {
            case 'a' -> moment.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.US);
            case 'A' -> moment.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.US);
            case 'b', 'h' -> moment.getMonth().getDisplayName(TextStyle.SHORT, Locale.US);
            case 'B' -> moment.getMonth().getDisplayName(TextStyle.FULL, Locale.US);
            case 'p' -> flags.contains("#") ? half().toLowerCase(Locale.ROOT) : half();
            case 'P' -> half().toLowerCase(Locale.ROOT);
            case 'q' -> ordinal(moment.getDayOfMonth());
            case 'Z' -> zone();
            default -> composed(letter, raw);
        };
        boolean upper = flags.contains("^") || (flags.contains("#") && letter != 'p');
        String text = upper ? word.toUpperCase(Locale.ROOT) : word;
        pad(width - text.length(), flags.contains("0") ? '0' : ' ');
        out.add(text);
    }

    private String composed(char letter, String raw) {
        String format = switch (letter) {
            case 'F' -> "%Y-%m-%d";
            case 'T', 'X' -> "%H:%M:%S";
            case 'D', 'x' -> "%m/%d/%y";
            case 'R' -> "%H:%M";
            case 'r' -> "%I:%M:%S %p";
            case 'c' -> "%a %b %e %H:%M:%S %Y";
            case 'v' -> "%e-%^b-%Y";
            case '+' -> "%a %b %e %H:%M:%S %Z %Y";
            default -> "";
        };
        return format.isEmpty() ? raw : new DateFormat(budget, moment).text(format);
    }

    private void number(long value, int width, char padding, String flags, int asked) {
        char pad = flags.contains("_") ? ' ' : flags.contains("0") ? '0' : padding;
        String digits = Long.toString(value);
        if (!flags.contains("-")) {
            pad((asked < 0 ? width : asked) - digits.length(), pad);
        }
        out.add(digits);
    }

    private void pad(int count, char pad) {
        for (int i = 0; i < count; i++) {
            out.add(pad);
        }
    }

    private int hour12() {
        return moment.getHour() % 12 == 0 ? 12 : moment.getHour() % 12;
    }

    private String half() {
        return moment.getHour() < 12 ? "AM" : "PM";
    }

    /** The week of the year, of which the days before its first first-day-of-the-week are week 0. */
    private int week(int dayOfWeek) {
        return (moment.getDayOfYear() + 6 - dayOfWeek) / 7;
    }

    private String fraction(int digits) {
        String nanos = String.format(Locale.ROOT, "%09d", moment.get(ChronoField.NANO_OF_SECOND));
        return digits <= 9 ? nanos.substring(0, digits) : nanos + "0".repeat(digits - 9);
    }

    private String zone() {
        return moment.getOffset().getTotalSeconds() == 0 && moment.getZone().equals(moment.getOffset())
                ? "UTC"
                : DateTimeFormatter.ofPattern("zzz", Locale.US).format(moment);
    }

    private String offset(int colons) {
        int seconds = moment.getOffset().getTotalSeconds();
        int minutes = Math.abs(seconds) / 60;
        String colon = colons > 0 ? ":" : "";
        String text =
                String.format(Locale.ROOT, "%s%02d%s%02d", seconds < 0 ? "-" : "+", minutes / 60, colon, minutes % 60);
        return colons > 1 ? text + String.format(Locale.ROOT, ":%02d", Math.abs(seconds) % 60) : text;
    }

    static String ordinal(int day) {
        if (day >= 11 && day <= 13) {
            return "th";
        }
        return switch (day % 10) {
            case 1 -> "st";
            case 2 -> "nd";
            case 3 -> "rd";
            default -> "th";
        };
    }
}
