package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Budget;
import io.posthaste.liquid.value.Decimal;
import io.posthaste.liquid.value.JsonWriter;
import io.posthaste.liquid.value.Lookup;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Numbers;
import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Utf8Buffer;
import io.posthaste.liquid.value.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Filters that look at each item, or at one property of each item. */
final class SelectFilters {
    /** Of an item that is kept, made by a range perhaps. */
    private static final int BYTES_OF_ITEM = 24;

    /** Of what a set remembers an item by. */
    private static final int BYTES_OF_KEY = 64;

    /** Of a group of one: its list, its object and what it is found by. */
    private static final int BYTES_OF_GROUP = 400;

    private SelectFilters() {}

    static void register(Map<String, FilterShape> to) {
        to.put("map", FilterShape.of((in, args, context) -> mapped(in, args.at(0), context), 1, 1));
        to.put("where", FilterShape.of((in, args, context) -> selected(in, args, context, true), 1, 2));
        to.put("where_not", FilterShape.of((in, args, context) -> selected(in, args, context, false), 1, 2));
        to.put("reject", FilterShape.of((in, args, context) -> selected(in, args, context, false), 1, 2));
        to.put("find", FilterShape.of((in, args, context) -> found(in, args, context, true), 1, 2));
        to.put("find_index", FilterShape.of((in, args, context) -> found(in, args, context, false), 1, 2));
        to.put("has", FilterShape.of(SelectFilters::has, 1, 2));
        to.put("sum", FilterShape.of(SelectFilters::sum, 0, 1));
        to.put("compact", FilterShape.of(SelectFilters::compacted, 0, 1));
        to.put("uniq", FilterShape.of(SelectFilters::unique, 0, 1));
        to.put(
                "group_by",
                FilterShape.of(
                        (in, args, context) -> grouped(in, item -> part(item, args.at(0), context.budget()), context),
                        1,
                        1));
        to.put("group_by_exp", FilterShape.expression((in, args, context) -> grouped(in, args.expression(1), context)));
        to.put(
                "where_exp",
                FilterShape.expression((in, args, context) -> matching(Values.list(in), args.expression(1), context)));
        to.put(
                "find_exp",
                FilterShape.expression(
                        (in, args, context) -> first(matching(Values.list(in), args.expression(1), context))));
    }

    /** The part of an item that a property names; a text "has" what occurs in it and its characters, a number has no parts. */
    static Object part(Object item, Object property, Budget budget) {
        if (item instanceof String text) {
            budget.visit(text);
            return partOfText(text, property);
        }
        if (item instanceof Long) {
            throw new RenderException("cannot select the property of a number");
        }
        return Lookup.at(item, property);
    }

    private static Object partOfText(String text, Object property) {
        if (property instanceof Nil) {
            throw new RenderException("cannot select from a text by nothing");
        }
        if (property instanceof Long index) {
            return character(text, index);
        }
        return text.contains(Values.text(property)) ? property : Nil.NULL;
    }

    private static Object character(String text, long index) {
        int characters = text.codePointCount(0, text.length());
        long at = index < 0 ? index + characters : index;
        return at >= 0 && at < characters
                ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)))
                : Nil.MISSING;
    }

    private static boolean hasNoParts(Object item) {
        return item instanceof Nil || item instanceof Boolean || item instanceof Decimal;
    }

    private static Predicate<Object> test(Arguments args, Budget budget) {
        Object property = args.at(0);
        Object target = args.at(1);
        return target instanceof Nil
                ? item -> Values.isTrue(part(item, property, budget))
                : item -> Values.equal(part(item, property, budget), target, budget);
    }

    /** Nil if an item has no parts at all: such a list cannot be selected from. */
    private static Object selected(Object input, Arguments args, FilterContext context, boolean matching) {
        List<Object> kept = new ArrayList<>();
        Predicate<Object> test = test(args, context.budget());
        for (Object item : Values.flat(input, context.budget())) {
            context.budget().visit(item);
            if (hasNoParts(item)) {
                return Nil.NULL;
            }
            if (test.test(item) == matching) {
                context.budget().retain(BYTES_OF_ITEM);
                kept.add(item);
            }
        }
        return kept;
    }

    private static Object found(Object input, Arguments args, FilterContext context, boolean item) {
        List<Object> items = Values.flat(input, context.budget());
        Predicate<Object> test = test(args, context.budget());
        for (int i = 0; i < items.size(); i++) {
            context.budget().visit(items.get(i));
            if (hasNoParts(items.get(i))) {
                return Nil.NULL;
            }
            if (test.test(items.get(i))) {
                return item ? items.get(i) : (Object) (long) i;
            }
        }
        return Nil.NULL;
    }

    private static Object has(Object input, Arguments args, FilterContext context) {
        Predicate<Object> test = test(args, context.budget());
        for (Object item : Values.flat(input, context.budget())) {
            context.budget().visit(item);
            if (hasNoParts(item)) {
                return Nil.NULL;
            }
            if (test.test(item)) {
                return true;
            }
        }
        return false;
    }

    private static Object mapped(Object input, Object property, FilterContext context) {
        List<Object> parts = new ArrayList<>();
        for (Object item : Values.flat(input, context.budget())) {
            context.budget().visit(item);
            context.budget().retain(BYTES_OF_ITEM);
            parts.add(hasNoParts(item) ? Nil.NULL : part(item, property, context.budget()));
        }
        return parts;
    }

    private static Object sum(Object input, Arguments args, FilterContext context) {
        Object sum = 0L;
        for (Object item : Values.flat(input, context.budget())) {
            context.budget().visit(item);
            sum = Numbers.plus(sum, Numbers.of(property(item, args, context.budget())));
        }
        return sum;
    }

    private static Object property(Object item, Arguments args, Budget budget) {
        if (args.at(0) instanceof Nil) {
            return item;
        }
        return hasNoParts(item) ? Nil.NULL : part(item, args.at(0), budget);
    }

    private static Object compacted(Object input, Arguments args, FilterContext context) {
        return matching(
                Values.flat(input, context.budget()),
                item -> !(property(item, args, context.budget()) instanceof Nil),
                context);
    }

    static Object unique(Object input, Arguments args, FilterContext context) {
        Set<Object> seen = new HashSet<>();
        return matching(
                Values.flat(input, context.budget()),
                item -> {
                    context.budget().retain(BYTES_OF_KEY);
                    return seen.add(identity(property(item, args, context.budget()), context.budget()));
                },
                context);
    }

    /** What makes two items the same, as a key for hashing. */
    private static Object identity(Object value, Budget budget) {
        return switch (value) {
            case Nil nil -> Nil.NULL;
            case List<?> list -> new Shape(json(list, budget));
            case Map<?, ?> map -> new Shape(json(map, budget));
            default -> value;
        };
    }

    private record Shape(String json) {}

    private static String json(Object value, Budget budget) {
        Utf8Buffer out = new Utf8Buffer(64, 1 << 20);
        JsonWriter.COMPACT.write(value, out);
        budget.length(out.length());
        return out.toString();
    }

    private static List<Object> matching(List<Object> items, Function<Object, Object> test, FilterContext context) {
        List<Object> kept = new ArrayList<>();
        for (Object item : items) {
            context.budget().visit(item);
            if (Values.isTrue(test.apply(item))) {
                context.budget().retain(BYTES_OF_ITEM);
                kept.add(item);
            }
        }
        return kept;
    }

    private static Object first(List<Object> items) {
        return items.isEmpty() ? Nil.NULL : items.get(0);
    }

    private static Object grouped(Object input, Function<Object, Object> key, FilterContext context) {
        Map<Object, List<Object>> groups = new LinkedHashMap<>();
        Map<Object, Object> names = new LinkedHashMap<>();
        Budget budget = context.budget();
        for (Object item : Values.list(input)) {
            budget.visit(item);
            Object name = hasNoParts(item) ? Nil.NULL : key.apply(item);
            Object identity = identity(name, budget);
            budget.retain(names.containsKey(identity) ? BYTES_OF_ITEM : BYTES_OF_GROUP);
            names.putIfAbsent(identity, name);
            groups.computeIfAbsent(identity, any -> new ArrayList<>()).add(item);
        }
        List<Object> list = new ArrayList<>();
        groups.forEach((identity, items) -> list.add(group(names.get(identity), items)));
        return list;
    }

    private static Map<String, Object> group(@Nullable Object name, List<Object> items) {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("name", name == null ? Nil.NULL : name);
        group.put("items", items);
        return group;
    }
}
