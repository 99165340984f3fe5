package io.posthaste.liquid.template;

import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tags that keep something: {@code assign}, {@code capture}, counters, {@code cycle}, {@code ifchanged}. */
public final class Variables {
    private Variables() {}

    public record Assign(int slot, Expression value, int at) implements Node {
        @Override
        public void render(Context context) {
            context.at = at;
            context.budget.step();
            Object result = value.evaluate(context);
            // A slot that holds ABSENT counts as never assigned.
            context.locals[slot] = result == Nil.ABSENT ? Nil.MISSING : result;
        }

        @Override
        public boolean isBlank() {
            return true;
        }
    }

    public record Capture(int slot, Block body, int at) implements Node {
        @Override
        public void render(Context context) {
            context.locals[slot] = context.taken(body);
        }

        @Override
        public boolean isBlank() {
            return true;
        }
    }

    /** Prints a counter of its own; starts at 0, or at the number of that name in the data. */
    public record Count(int slot, Expression initial, boolean up, int at) implements Node {
        @Override
        public void render(Context context) {
            context.at = at;
            context.budget.step();
            Object known = context.locals[slot] == Nil.ABSENT ? initial.evaluate(context) : context.locals[slot];
            long value = known instanceof Long number ? number : 0;
            context.locals[slot] = up ? value + 1 : value - 1;
            context.out.append(up ? value : value - 1);
        }
    }

    /**
     * Prints the next of its values.
     *
     * @param group what tells cycles apart, or null if their values do
     */
    public record Cycle(int slot, @Nullable Expression group, String key, List<Node> values, int at) implements Node {
        @Override
        public void render(Context context) {
            context.at = at;
            context.budget.step();
            Map<String, Integer> turns = turns(context);
            String name = group == null ? key : "group " + Cycle.key(group.evaluate(context));
            int turn = turns.getOrDefault(name, 0);
            if (turn < values.size()) {
                values.get(turn).render(context);
            }
            turns.put(name, turn + 1 >= values.size() ? 0 : turn + 1);
        }

        /** A value as part of what tells cycles apart: the text '1' is not the number. */
        public static String key(Object value) {
            return value instanceof String text ? "'" + text : Values.text(value);
        }

        @SuppressWarnings("unchecked")
        private Map<String, Integer> turns(Context context) {
            if (context.locals[slot] == Nil.ABSENT) {
                context.locals[slot] = new HashMap<String, Integer>();
            }
            return (Map<String, Integer>) context.locals[slot];
        }
    }

    /** Prints its inside if that differs from what such a tag printed last. */
    public record IfChanged(int slot, Block body, int at) implements Node {
        @Override
        public void render(Context context) {
            String text = context.taken(body);
            if (!text.equals(context.locals[slot])) {
                context.locals[slot] = text;
                int start = context.out.length();
                context.out.append(text);
                context.printedFrom(start);
            }
        }

        @Override
        public boolean isBlank() {
            return body.isBlank();
        }

        @Override
        public void clear() {
            body.clear();
        }
    }
}
