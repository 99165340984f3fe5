package io.posthaste.liquid.template;

import io.posthaste.liquid.value.Numbers;
import io.posthaste.liquid.value.Range;

/** {@code (from..to)}. */
public record RangeExpression(Expression from, Expression to) implements Expression {
    @Override
    public Object evaluate(Context context) {
        return new Range(whole(from.evaluate(context)), whole(to.evaluate(context)));
    }

    private static long whole(Object value) {
        return Numbers.decimal(Numbers.of(value)).longValue();
    }
}
