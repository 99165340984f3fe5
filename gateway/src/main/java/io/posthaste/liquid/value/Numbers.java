package io.posthaste.liquid.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Numbers from anything, and exact arithmetic on them: {@code Long} while it fits, {@link Decimal} otherwise. */
public final class Numbers {
    private static final int QUOTIENT_DIGITS = 17;

    private Numbers() {}

    /** What arithmetic makes of a value: text that starts with digits is a number, everything else counts as 0. */
    public static Object of(Object value) {
        if (value instanceof Long || value instanceof Decimal) {
            return value;
        }
        return value instanceof String text ? leading(text) : (Object) 0L;
    }

    /** The number that a text is from end to end, or null. */
    public static @Nullable Object exact(Object value) {
        if (value instanceof Long || value instanceof Decimal) {
            return value;
        }
        if (!(value instanceof String raw)) {
            return null;
        }
        String text = raw.strip();
        return integerEnd(text) == text.length() || isDecimal(text) ? parse(text) : null;
    }

    private static Object leading(String raw) {
        int start = 0;
        while (start < raw.length() && Character.isWhitespace(raw.charAt(start))) {
            start++;
        }
        // Most texts are no numbers: those are not copied.
        if (start == raw.length() || "+-0123456789".indexOf(raw.charAt(start)) < 0) {
            return 0L;
        }
        String text = raw.strip();
        if (isDecimal(text)) {
            return parse(text);
        }
        int end = integerEnd(text);
        return end <= 0 ? (Object) 0L : parse(text.substring(0, end));
    }

    private static Object parse(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : text;
        if (digits.length() <= 18 && digits.indexOf('.') < 0) {
            return Long.parseLong(digits);
        }
        if (digits.length() > 2 * Decimal.MAX_DIGITS) {
            throw new LimitException("digits in a number", Decimal.MAX_DIGITS);
        }
        return Decimal.computed(new BigDecimal(digits));
    }

    /** Where the leading {@code [+-]?\d+} ends, or -1. */
    private static int integerEnd(String text) {
        int start = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        int end = digits(text, start);
        return end > start ? end : -1;
    }

    private static boolean isDecimal(String text) {
        int point = integerEnd(text);
        return point > 0
                && point + 1 < text.length()
                && text.charAt(point) == '.'
                && digits(text, point + 1) == text.length();
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    public static BigDecimal decimal(Object number) {
        return number instanceof Long whole ? BigDecimal.valueOf(whole) : ((Decimal) number).value();
    }

    /** Whether the number was written or computed with a fraction: {@code 2.0} yes, {@code 2} no. */
    public static boolean isFraction(Object number) {
        return number instanceof Decimal decimal && decimal.value().scale() > 0;
    }

    /** A whole number for positions and counts, cut to the range of int; refuses what is not one. */
    public static int index(Object value, String what) {
        Object number = exact(value);
        if (number == null) {
            throw new RenderException(what + " must be a whole number, not " + Values.describe(value));
        }
        if (isFraction(number)) {
            throw new RenderException(what + " must be a whole number");
        }
        return Math.clamp(decimal(number).longValue(), Integer.MIN_VALUE + 1, Integer.MAX_VALUE);
    }

    public static Object plus(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            long sum = x + y;
            if (((x ^ sum) & (y ^ sum)) >= 0) {
                return sum;
            }
        }
        return Decimal.computed(decimal(a).add(decimal(b)));
    }

    public static Object minus(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            long difference = x - y;
            if (((x ^ y) & (x ^ difference)) >= 0) {
                return difference;
            }
        }
        return Decimal.computed(decimal(a).subtract(decimal(b)));
    }

    public static Object times(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y && Math.multiplyHigh(x, y) == (x * y) >> 63) {
            return x * y;
        }
        return Decimal.computed(decimal(a).multiply(decimal(b)));
    }

    /** The exact quotient where it has at most 17 digits, otherwise that of doubles; whole if it comes out even. */
    public static Object dividedBy(Object a, Object b) {
        BigDecimal divisor = notZero(b);
        if (a instanceof Long x && b instanceof Long y && x % y == 0 && y != -1) {
            return x / y;
        }
        BigDecimal quotient = quotient(decimal(a), divisor);
        boolean fraction = isFraction(a) || isFraction(b);
        return Decimal.computed(
                fraction && quotient.scale() < 1 ? quotient.setScale(1, RoundingMode.UNNECESSARY) : quotient);
    }

    private static BigDecimal quotient(BigDecimal dividend, BigDecimal divisor) {
        BigDecimal rounded = dividend.divide(divisor, new MathContext(QUOTIENT_DIGITS, RoundingMode.HALF_EVEN));
        BigDecimal quotient = rounded.multiply(divisor).compareTo(dividend) == 0
                ? rounded.stripTrailingZeros()
                : new BigDecimal(Double.toString(dividend.doubleValue() / divisor.doubleValue()));
        return quotient.scale() < 0 ? quotient.setScale(0, RoundingMode.UNNECESSARY) : quotient;
    }

    /** The quotient rounded down to a whole number. */
    public static Object wholeQuotient(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y && y != 0 && y != -1) {
            return Math.floorDiv(x, y);
        }
        return Decimal.computed(decimal(a).divide(notZero(b), 0, RoundingMode.FLOOR));
    }

    /** The remainder, with the sign of the divisor. */
    public static Object modulo(Object a, Object b) {
        BigDecimal divisor = notZero(b);
        if (a instanceof Long x && b instanceof Long y) {
            return Math.floorMod(x, y);
        }
        BigDecimal rest = decimal(a).remainder(divisor);
        BigDecimal result = rest.signum() != 0 && rest.signum() != divisor.signum() ? rest.add(divisor) : rest;
        boolean fraction = isFraction(a) || isFraction(b);
        return Decimal.computed(fraction && result.scale() < 1 ? result.setScale(1, RoundingMode.UNNECESSARY) : result);
    }

    private static BigDecimal notZero(Object number) {
        BigDecimal divisor = decimal(number);
        if (divisor.signum() == 0) {
            throw new RenderException("divided by 0");
        }
        return divisor;
    }

    public static int compare(Object a, Object b) {
        return a instanceof Long x && b instanceof Long y
                ? Long.compare(x, y)
                : decimal(a).compareTo(decimal(b));
    }
}
