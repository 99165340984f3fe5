package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Numbers;
import io.posthaste.liquid.value.Values;
import java.util.function.Function;

/** The arguments of one call. */
public final class Arguments {
    public static final Arguments NONE = new Arguments();

    private final Object[] values;

    public Arguments(Object... values) {
        this.values = values;
    }

    /** How many are given. */
    public int count() {
        return values.length;
    }

    /** Whether so many are given that there is one at that position. */
    public boolean has(int position) {
        return position < values.length && values[position] != Nil.MISSING;
    }

    /** Whether an argument is written there, whatever its value. */
    public boolean isGiven(int position) {
        return position < values.length;
    }

    /** The argument, {@link Nil#MISSING} if it was left out. */
    public Object at(int position) {
        return position < values.length ? values[position] : Nil.MISSING;
    }

    public String text(int position) {
        return Values.text(at(position));
    }

    /** The argument as text, or what stands for it when it was left out. */
    public String text(int position, String otherwise) {
        return isGiven(position) ? text(position) : otherwise;
    }

    /** The argument as a number; 0 if it is none. */
    public Object number(int position) {
        return Numbers.of(at(position));
    }

    /** The argument as a whole number, or what stands for it when it was left out. */
    public int index(int position, int otherwise, String what) {
        return isGiven(position) ? Numbers.index(at(position), what) : otherwise;
    }

    /** The argument of a filter that takes an expression: what it gives for an item. */
    @SuppressWarnings("unchecked")
    public Function<Object, Object> expression(int position) {
        return (Function<Object, Object>) at(position);
    }
}
