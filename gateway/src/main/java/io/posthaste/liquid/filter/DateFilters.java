package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Decimal;
import io.posthaste.liquid.value.Numbers;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Values;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters on moments: Unix seconds, dates as text, {@code now}. The zone is UTC unless one is given. */
final class DateFilters {
    private DateFilters() {}

    private interface Shift {
        ZonedDateTime by(ZonedDateTime moment, long amount);
    }

    static void register(Map<String, FilterShape> to) {
        to.put("date", FilterShape.of(DateFilters::formatted, 1, 2));
        to.put("timezone", FilterShape.of(DateFilters::zoned, 1, 1));
        to.put("date_to_xmlschema", fixed("%Y-%m-%dT%H:%M:%S%:z"));
        to.put("date_to_rfc822", fixed("%a, %d %b %Y %H:%M:%S %z"));
        to.put("date_to_string", FilterShape.of((in, args, context) -> worded(in, args, context, "%b"), 0, 2));
        to.put("date_to_long_string", FilterShape.of((in, args, context) -> worded(in, args, context, "%B"), 0, 2));
        shifts(to, "day", ZonedDateTime::plusDays);
        shifts(to, "month", ZonedDateTime::plusMonths);
        shifts(to, "year", ZonedDateTime::plusYears);
    }

    private static void shifts(Map<String, FilterShape> to, String unit, Shift shift) {
        to.put("add_" + unit, FilterShape.of((in, args, context) -> shifted(in, args, context, shift, 1), 1, 1));
        to.put("subtract_" + unit, FilterShape.of((in, args, context) -> shifted(in, args, context, shift, -1), 1, 1));
    }

    private static Object formatted(Object input, Arguments args, FilterContext context) {
        ZonedDateTime moment = moment(input, context);
        String format = args.text(0);
        if (args.has(1) && moment != null) {
            moment = moment.withZoneSameInstant(zone(args.at(1)));
        }
        if (moment == null || format.isEmpty()) {
            return input;
        }
        return new DateFormat(context.budget(), moment).text(format);
    }

    private static FilterShape fixed(String format) {
        return FilterShape.of(
                (input, args, context) -> {
                    ZonedDateTime moment = moment(input, context);
                    return moment == null ? input : new DateFormat(context.budget(), moment).text(format);
                },
                0,
                0);
    }

    private static Object zoned(Object input, Arguments args, FilterContext context) {
        ZonedDateTime moment = moment(input, context);
        return moment == null ? input : new Moment(moment.withZoneSameInstant(zone(args.at(0))));
    }

    private static Object worded(Object input, Arguments args, FilterContext context, String month) {
        ZonedDateTime moment = moment(input, context);
        if (moment == null) {
            return input;
        }
        boolean ordinal = args.text(0).equals("ordinal");
        String format = !ordinal
                ? "%d " + month + " %Y"
                : args.text(1).equals("US") ? month + " %-d%q, %Y" : "%-d%q " + month + " %Y";
        return new DateFormat(context.budget(), moment).text(format);
    }

    private static Object shifted(Object input, Arguments args, FilterContext context, Shift shift, int sign) {
        ZonedDateTime moment = moment(input, context);
        if (moment == null) {
            throw new RenderException("a date is needed, not " + Values.describe(input));
        }
        try {
            long amount = (long) sign * Numbers.index(args.at(0), "the amount");
            return shift.by(moment, amount).toEpochSecond();
        } catch (DateTimeException | ArithmeticException e) {
            throw new RenderException("the date is out of range");
        }
    }

    /** The moment a value means, or null if it means none. */
    private static @Nullable ZonedDateTime moment(Object value, FilterContext context) {
        try {
            return switch (value) {
                case Moment moment -> moment.at();
                case Long seconds -> at(Instant.ofEpochSecond(seconds));
                case Decimal seconds ->
                    at(Instant.ofEpochMilli(seconds.value().movePointRight(3).longValue()));
                case String text -> DateParser.parse(text.strip(), context.now());
                default -> null;
            };
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static ZonedDateTime at(Instant instant) {
        return instant.atZone(ZoneOffset.UTC);
    }

    /** By name; or by number, which is minutes west of UTC, as browsers count. */
    private static ZoneId zone(Object zone) {
        try {
            if (zone instanceof Long minutes) {
                return ZoneOffset.ofTotalSeconds(Math.toIntExact(minutes * -60));
            }
            return ZoneId.of(Values.text(zone));
        } catch (DateTimeException | ArithmeticException e) {
            throw new RenderException("unknown time zone; write one like 'America/New_York'");
        }
    }
}
