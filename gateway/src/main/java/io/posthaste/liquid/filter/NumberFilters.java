package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Decimal;
import io.posthaste.liquid.value.LimitException;
import io.posthaste.liquid.value.Numbers;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Values;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;

/** Exact arithmetic, rounding, and numbers as people write them. */
final class NumberFilters {
    /** More places than this cost time and say nothing (TPL-4). */
    private static final int MAX_PLACES = 20;

    private NumberFilters() {}

    private interface Operation {
        Object apply(Object a, Object b);
    }

    static void register(Map<String, FilterShape> to) {
        to.put("plus", operation(Numbers::plus));
        to.put("minus", operation(Numbers::minus));
        to.put("times", operation(Numbers::times));
        to.put("modulo", operation(Numbers::modulo));
        to.put("at_least", operation((a, b) -> Numbers.compare(a, b) < 0 ? b : a));
        to.put("at_most", operation((a, b) -> Numbers.compare(a, b) > 0 ? b : a));
        to.put("divided_by", FilterShape.of((in, args, context) -> divided(in, args), 1, 2));
        to.put("abs", FilterShape.of((in, args, context) -> absolute(Numbers.of(in)), 0, 0));
        to.put("ceil", FilterShape.of((in, args, context) -> rounded(in, 0, RoundingMode.CEILING), 0, 0));
        to.put("floor", FilterShape.of((in, args, context) -> rounded(in, 0, RoundingMode.FLOOR), 0, 0));
        to.put("round", FilterShape.of((in, args, context) -> rounded(in, places(args), RoundingMode.HALF_UP), 0, 1));
        to.put("random", FilterShape.of((in, args, context) -> random(in, context), 0, 0));
        to.put("format_number", FilterShape.of((in, args, context) -> formatted(in, args), 0, 1));
        to.put("currency", FilterShape.of((in, args, context) -> money(in, args, false), 0, 2));
        to.put("rounded_currency", FilterShape.of((in, args, context) -> money(in, args, true), 0, 2));
    }

    private static FilterShape operation(Operation operation) {
        return FilterShape.of((in, args, context) -> operation.apply(Numbers.of(in), args.number(0)), 1, 1);
    }

    private static Object divided(Object input, Arguments args) {
        if (args.isGiven(1) && !(args.at(1) instanceof Boolean)) {
            throw new RenderException("the second argument of divided_by is true for a whole quotient, not "
                    + Values.describe(args.at(1)));
        }
        boolean whole = args.isGiven(1) && Values.isTrue(args.at(1));
        Object dividend = Numbers.of(input);
        return whole ? Numbers.wholeQuotient(dividend, args.number(0)) : Numbers.dividedBy(dividend, args.number(0));
    }

    private static Object absolute(Object number) {
        return Numbers.compare(number, 0L) < 0 ? Numbers.minus(0L, number) : number;
    }

    private static int places(Arguments args) {
        long places = Numbers.decimal(args.number(0)).longValue();
        if (places > MAX_PLACES) {
            throw new LimitException("places to round to", MAX_PLACES);
        }
        return (int) Math.max(places, -100);
    }

    private static Object rounded(Object input, int places, RoundingMode mode) {
        Object number = Numbers.of(input);
        if (number instanceof Long && places >= 0) {
            return number;
        }
        BigDecimal rounded = Numbers.decimal(number).setScale(places, mode);
        return Decimal.computed(places < 0 ? rounded.setScale(0, RoundingMode.UNNECESSARY) : rounded);
    }

    private static Object random(Object input, FilterContext context) {
        int bound = Numbers.index(input, "the bound of random");
        if (bound < 1) {
            throw new RenderException("the bound of random must be 1 or more");
        }
        return (long) context.random().nextInt(bound);
    }

    private static String formatted(Object input, Arguments args) {
        NumberFormat format = NumberFormat.getInstance(locale(args));
        format.setRoundingMode(RoundingMode.HALF_UP);
        return format.format(Numbers.decimal(Numbers.of(input)));
    }

    private static String money(Object input, Arguments args, boolean whole) {
        Locale locale = locale(args);
        NumberFormat format = NumberFormat.getCurrencyInstance(locale);
        Currency currency = args.isGiven(1) ? currency(args.text(1)) : ofCountry(locale);
        int places = whole ? 0 : Math.max(0, currency.getDefaultFractionDigits());
        format.setCurrency(currency);
        format.setMinimumFractionDigits(places);
        format.setMaximumFractionDigits(places);
        format.setRoundingMode(RoundingMode.HALF_UP);
        return format.format(Numbers.decimal(Numbers.of(input)));
    }

    /** A language without a country counts as that of its largest one only for English. */
    private static Locale locale(Arguments args) {
        String tag = args.text(0, "en").replace('_', '-');
        return tag.equals("en") || tag.isEmpty() ? Locale.US : Locale.forLanguageTag(tag);
    }

    private static Currency currency(String code) {
        try {
            return Currency.getInstance(code);
        } catch (IllegalArgumentException e) {
            throw new RenderException("currency needs a three-letter code like EUR");
        }
    }

    private static Currency ofCountry(Locale locale) {
        try {
            return locale.getCountry().isEmpty() ? Currency.getInstance("USD") : Currency.getInstance(locale);
        } catch (IllegalArgumentException e) {
            return Currency.getInstance("USD");
        }
    }
}
