package io.posthaste.liquid.value;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** An exact number that is not a {@code long}: with a fraction, an exponent or too many digits. Prints as it was written. */
public final class Decimal {
    /** Beyond this, arithmetic is refused (TPL-4): {@code 1e9999999} is nine bytes of data and ten megabytes of digits. */
    static final int MAX_DIGITS = 100;

    private final String text;
    private @Nullable BigDecimal value;

    private Decimal(String text, @Nullable BigDecimal value) {
        this.text = text;
        this.value = value;
    }

    /** A number as JSON writes it, of which the text is kept. */
    public static Decimal written(String text) {
        return new Decimal(text, null);
    }

    /** The result of a computation: a {@code Long} where it is whole, otherwise without needless zeros. */
    public static Object computed(BigDecimal value) {
        checkDigits(value);
        if (value.scale() <= 0) {
            return whole(value);
        }
        BigDecimal plain = value.stripTrailingZeros();
        if (plain.scale() < 1) {
            plain = plain.setScale(1, RoundingMode.UNNECESSARY);
        }
        return new Decimal(plain.toPlainString(), plain);
    }

    private static Object whole(BigDecimal value) {
        return value.precision() - value.scale() <= 18
                ? (Object) value.longValueExact()
                : new Decimal(value.toPlainString(), value);
    }

    public BigDecimal value() {
        BigDecimal known = value;
        if (known == null) {
            known = new BigDecimal(text);
            value = known;
        }
        checkDigits(known);
        return known;
    }

    private static void checkDigits(BigDecimal value) {
        if (value.precision() > MAX_DIGITS || Math.abs((long) value.scale()) > MAX_DIGITS) {
            throw new LimitException("digits in a number", MAX_DIGITS);
        }
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Decimal decimal && decimal.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
