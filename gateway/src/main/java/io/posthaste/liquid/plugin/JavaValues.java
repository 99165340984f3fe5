package io.posthaste.liquid.plugin;

import io.posthaste.liquid.value.Budget;
import io.posthaste.liquid.value.Decimal;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of a template as the plain Java objects that Liqp's filters take and give, and back. */
final class JavaValues {
    private final Budget budget;

    JavaValues(Budget budget) {
        this.budget = budget;
    }

    /** Copies, so that a filter cannot change the data: String, Long, BigDecimal, Boolean, List, Map or null. */
    @Nullable
    Object toJava(Object value) {
        budget.step();
        return switch (value) {
            case String text -> text;
            case Long number -> number;
            case Boolean flag -> flag;
            case Decimal number -> number.value();
            case Nil nil -> null;
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(budget.list(list).size());
                list.forEach(item -> copy.add(toJava(item)));
                yield copy;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((name, member) -> copy.put(name.toString(), toJava(member)));
                yield copy;
            }
            default -> Values.text(value);
        };
    }

    Object fromJava(@Nullable Object value) {
        return fromJava(value, 0);
    }

    private Object fromJava(@Nullable Object value, int depth) {
        Values.checkDepth(depth);
        budget.step();
        return switch (value) {
            case null -> Nil.NULL;
            case CharSequence text -> budget.text(text.toString());
            case Boolean flag -> flag;
            case Number number -> number(number);
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((name, member) -> copy.put(String.valueOf(name), fromJava(member, depth + 1)));
                yield copy;
            }
            case Iterable<?> items -> {
                List<Object> copy = new ArrayList<>();
                items.forEach(item -> copy.add(fromJava(item, depth + 1)));
                yield budget.list(copy);
            }
            case Object[] items -> fromJava(Arrays.asList(items), depth);
            default -> budget.text(value.toString());
        };
    }

    private static Object number(Number number) {
        return switch (number) {
            case Long whole -> whole;
            case Integer whole -> (long) whole;
            case BigInteger whole -> Decimal.computed(new BigDecimal(whole));
            case BigDecimal decimal -> Decimal.computed(decimal);
            default -> {
                try {
                    yield Decimal.computed(new BigDecimal(number.toString()));
                } catch (NumberFormatException e) {
                    throw new RenderException("a filter gave " + number + ", which is no number that can be written");
                }
            }
        };
    }
}
