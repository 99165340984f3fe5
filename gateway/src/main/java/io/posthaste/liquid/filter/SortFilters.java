package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Budget;
import io.posthaste.liquid.value.Decimal;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Numbers;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Sorting; items that are nil, or have nothing under the property, go last. */
final class SortFilters {
    private SortFilters() {}

    /** What a short text takes on the heap. */
    private static final int BYTES_OF_TEXT = 48;

    static void register(Map<String, FilterShape> to) {
        to.put(
                "sort",
                FilterShape.of(
                        (in, args, context) -> sorted(in, args, context, (key, budget) -> key, SortFilters::exact),
                        0,
                        1));
        to.put(
                "sort_natural",
                FilterShape.of(
                        (in, args, context) -> sorted(in, args, context, SortFilters::text, SortFilters::natural),
                        0,
                        1));
    }

    /** As a key is compared. */
    private interface KeyForm extends BiFunction<Object, Budget, Object> {}

    private static Object sorted(
            Object input, Arguments args, FilterContext context, KeyForm form, Comparator<Object> order) {
        List<Object> items = new ArrayList<>(context.budget().list(Values.flat(input, context.budget())));
        Object property = args.at(0);
        if (!(property instanceof Nil) && items.stream().anyMatch(SortFilters::hasNoParts)) {
            return Nil.NULL;
        }
        if (items.size() < 2) {
            return items; // A lone item need not have the property.
        }
        Budget budget = context.budget();
        List<Keyed> keyed = new ArrayList<>(items.size());
        for (Object item : items) {
            Object key = property instanceof Nil ? item : SelectFilters.part(item, property, budget);
            keyed.add(new Keyed(form.apply(key, budget), item));
        }
        keyed.sort((a, b) -> {
            // Two texts may be alike up to their ends.
            budget.visit(a.key);
            return nilLast(a.key, b.key, order);
        });
        return new ArrayList<>(keyed.stream().map(Keyed::item).toList());
    }

    /** An item and what it is sorted by, found once. */
    private record Keyed(Object key, Object item) {}

    private static boolean hasNoParts(Object item) {
        return item instanceof Nil || item instanceof Boolean || item instanceof Decimal;
    }

    private static int nilLast(Object a, Object b, Comparator<Object> order) {
        if (a instanceof Nil || b instanceof Nil) {
            return Boolean.compare(a instanceof Nil, b instanceof Nil);
        }
        return order.compare(a, b);
    }

    private static int exact(Object a, Object b) {
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        if (isNumber(a) && isNumber(b)) {
            return Numbers.compare(a, b);
        }
        throw new RenderException("cannot sort " + Values.describe(a) + " and " + Values.describe(b) + " together");
    }

    private static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Decimal;
    }

    private static int natural(Object a, Object b) {
        return String.CASE_INSENSITIVE_ORDER.compare((String) a, (String) b);
    }

    /** Printed once, not at each comparison. */
    private static Object text(Object key, Budget budget) {
        if (key instanceof Nil || key instanceof String) {
            return key;
        }
        String text = budget.text(Values.text(key));
        budget.retain(text.length() + BYTES_OF_TEXT);
        return text;
    }
}
