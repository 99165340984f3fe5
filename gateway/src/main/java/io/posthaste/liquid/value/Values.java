package io.posthaste.liquid.value;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules every value follows. A value is a {@code String}, {@code Long}, {@link Decimal}, {@code Boolean},
 * {@code List}, {@code Map}, {@link Nil}, {@link Literal} or {@link Members}; never null.
 */
public final class Values {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_TEXT = 1 << 20;

    private Values() {}

    public static boolean isTrue(Object value) {
        return !(value instanceof Nil) && !Boolean.FALSE.equals(value);
    }

    /** Nothing at all, or an empty text, list or object: what {@code default} replaces, beside {@code false}. */
    public static boolean isEmpty(Object value) {
        return switch (value) {
            case String text -> text.isEmpty();
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            default -> false;
        };
    }

    private static boolean isBlank(Object value) {
        return value instanceof String text ? text.isBlank() : !isTrue(value) || isEmpty(value);
    }

    /** The value as text. A list is its items one after the other; an object is JSON with a space after each comma (M38). */
    public static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case Range range -> range.toString();
            case List<?> list -> collected(list);
            case Map<?, ?> map -> collected(map);
            case Members members -> "";
            default -> value.toString();
        };
    }

    private static String collected(Object value) {
        Utf8Buffer out = new Utf8Buffer(64, MAX_TEXT);
        append(value, out);
        return out.textFrom(0);
    }

    /** Prints {@link #text} without making it. */
    public static void append(Object value, Utf8Buffer out) {
        append(value, out, 0);
    }

    private static void append(Object value, Utf8Buffer out, int depth) {
        // Nearly every value is text, and a type test is cheaper than a switch over patterns.
        if (value instanceof String text) {
            out.append(text);
            return;
        }
        if (value instanceof Long number) {
            out.append(number.longValue());
            return;
        }
        switch (value) {
            case Utf8 text -> text.appendTo(out);
            case Nil nil -> {}
            case Map<?, ?> map -> JsonWriter.SPACED.write(map, out);
            case List<?> list -> append(list, out, depth);
            default -> out.append(text(value));
        }
    }

    private static void append(List<?> list, Utf8Buffer out, int depth) {
        checkDepth(depth);
        if (list instanceof Range && depth == 0) {
            out.append(list.toString());
            return;
        }
        for (Object item : list) {
            out.visit();
            append(item, out, depth + 1);
        }
    }

    /** Refuses what is nested deeper than values may be. */
    public static void checkDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new LimitException("levels of nesting in a value", MAX_DEPTH);
        }
    }

    public static boolean equal(Object a, Object b, Budget budget) {
        return equal(a, b, budget, 0);
    }

    private static boolean equal(Object a, Object b, Budget budget, int depth) {
        budget.step();
        checkDepth(depth);
        if (b instanceof Literal literal) {
            return isLike(literal, a);
        }
        return switch (a) {
            case Nil nil -> b instanceof Nil;
            case Literal literal -> isLike(literal, b);
            case Long n -> (b instanceof Long || b instanceof Decimal) && Numbers.compare(a, b) == 0;
            case Decimal n -> (b instanceof Decimal || b instanceof Long) && Numbers.compare(a, b) == 0;
            case List<?> list -> b instanceof List<?> other && sameItems(list, other, budget, depth);
            case Map<?, ?> map -> b instanceof Map<?, ?> other && sameMembers(map, other, budget, depth);
            default -> a.equals(b);
        };
    }

    private static boolean isLike(Literal literal, Object value) {
        if (value instanceof Literal) {
            return false;
        }
        return literal == Literal.BLANK ? isBlank(value) : isEmpty(value);
    }

    private static boolean sameItems(List<?> a, List<?> b, Budget budget, int depth) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<?> others = b.iterator();
        for (Object item : a) {
            if (!equal(item, others.next(), budget, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameMembers(Map<?, ?> a, Map<?, ?> b, Budget budget, int depth) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> member : a.entrySet()) {
            Object other = b.get(member.getKey());
            if (other == null || !equal(member.getValue(), other, budget, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    /** How two values compare, or null where there is no order between them. A text that is a number compares with numbers. */
    public static @Nullable Integer order(Object a, Object b) {
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        Object x = Numbers.exact(a);
        Object y = Numbers.exact(b);
        return x == null || y == null ? null : (Integer) Numbers.compare(x, y);
    }

    /** Whether a text, list or object holds something: a substring, an equal item, a member of that name. */
    public static boolean contains(Object whole, Object part, Budget budget) {
        if (!isTrue(part)) {
            return false;
        }
        return switch (whole) {
            case String text -> text.contains(text(part));
            case Range range -> range.contains(part);
            case List<?> list -> list.stream().anyMatch(item -> equal(item, part, budget));
            case Map<?, ?> map -> map.containsKey(text(part));
            default -> false;
        };
    }

    /** The items a list filter works on: of a list its own, of nothing none, of anything else itself. */
    @SuppressWarnings("unchecked")
    public static List<Object> list(Object value) {
        return switch (value) {
            case List<?> list -> (List<Object>) list;
            case Nil nil -> List.of();
            case Literal literal -> List.of();
            default -> List.of(value);
        };
    }

    /** Like {@link #list}, with lists inside lists laid out in one row. */
    public static List<Object> flat(Object value, Budget budget) {
        List<Object> items = list(value);
        if (items instanceof Range || items.stream().noneMatch(List.class::isInstance)) {
            return items;
        }
        List<Object> flat = new ArrayList<>();
        flatten(items, flat, budget, 0);
        return flat;
    }

    private static void flatten(List<Object> items, List<Object> into, Budget budget, int depth) {
        checkDepth(depth);
        for (Object item : items) {
            if (item instanceof List<?>) {
                flatten(list(item), into, budget, depth + 1);
            } else {
                into.add(item);
                budget.step();
            }
        }
        budget.list(into);
    }

    /** What kind of value it is, for messages: never the value, which is a customer's. */
    public static String describe(Object value) {
        return switch (value) {
            case String text -> "text";
            case Long number -> "a number";
            case Decimal number -> "a number";
            case Boolean truth -> "true or false";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "an object";
            default -> "nothing";
        };
    }
}
