package io.posthaste.liquid.value;

import java.util.List;
import java.util.Map;

/** {@code value.name} and {@code value[key]}. */
public final class Lookup {
    private Lookup() {}

    /** The part of that name; {@code size}, {@code first} and {@code last} are worked out where nothing is stored under them. */
    public static Object member(Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            Object stored = map.get(name);
            return stored != null ? stored : ofMap(map, name);
        }
        return switch (value) {
            case List<?> list -> ofList(list, name);
            case String text -> ofText(text, name);
            case Members members -> members.member(name);
            case Nil nil -> nil == Nil.ABSENT ? Nil.ABSENT : Nil.MISSING;
            default -> Nil.MISSING;
        };
    }

    /** The part under a computed key: a position in a list, a name in an object. */
    public static Object at(Object value, Object key) {
        if (value instanceof List<?> list && key instanceof Long index) {
            return item(list, index);
        }
        return key instanceof Nil || key instanceof Literal ? Nil.MISSING : member(value, Values.text(key));
    }

    /** The item at a position; negative positions count from the end. */
    public static Object item(List<?> list, long index) {
        long at = index < 0 ? index + list.size() : index;
        return at >= 0 && at < list.size() ? list.get((int) at) : Nil.MISSING;
    }

    private static Object ofMap(Map<?, ?> map, String name) {
        return switch (name) {
            case "size" -> (long) map.size();
            case "first" ->
                map.isEmpty() ? Nil.MISSING : pair(map.entrySet().iterator().next());
            default -> Nil.MISSING;
        };
    }

    private static Object ofList(List<?> list, String name) {
        return switch (name) {
            case "size" -> (long) list.size();
            case "first" -> item(list, 0);
            case "last" -> item(list, -1);
            default -> Nil.MISSING;
        };
    }

    private static Object ofText(String text, String name) {
        return switch (name) {
            case "size" -> (long) text.codePointCount(0, text.length());
            case "first" -> text.isEmpty() ? Nil.MISSING : Character.toString(text.codePointAt(0));
            case "last" -> text.isEmpty() ? Nil.MISSING : Character.toString(text.codePointBefore(text.length()));
            default -> Nil.MISSING;
        };
    }

    /** A member of an object as loops and {@code first} see it: name and value in a list. */
    public static List<Object> pair(Map.Entry<?, ?> entry) {
        return List.of(entry.getKey(), entry.getValue());
    }
}
