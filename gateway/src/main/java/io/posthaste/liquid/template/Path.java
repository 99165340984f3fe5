package io.posthaste.liquid.template;

import io.posthaste.liquid.value.LimitException;
import io.posthaste.liquid.value.Lookup;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Utf8;
import io.posthaste.liquid.value.Values;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ways to a value: {@code customer.tags[0]}. */
public final class Path {
    private static final int MAX_SNIPPET_DEPTH = 8;

    private Path() {}

    /**
     * One step on the way.
     *
     * @param name a fixed name, or null
     * @param key what is worked out at run time, or null
     */
    public record Step(@Nullable String name, @Nullable Expression key) {}

    public static Expression follow(Expression root, List<Step> steps) {
        Expression path = root;
        for (Step step : steps) {
            if (step.name() != null) {
                path = path instanceof Local local
                        ? new LocalMember(local.slot(), step.name())
                        : new Member(path, step.name());
            } else if (step.key() != null) {
                path = new Item(path, step.key());
            }
        }
        return path;
    }

    /** A slot of the data. */
    public record Data(int slot) implements Expression {
        @Override
        public Object evaluate(Context context) {
            Object value = context.data[slot];
            return value instanceof Utf8 text ? text.toString() : value;
        }
    }

    /** A variable of the template. */
    public record Local(int slot) implements Expression {
        @Override
        public Object evaluate(Context context) {
            Object value = context.locals[slot];
            return value == Nil.ABSENT ? Nil.MISSING : value;
        }
    }

    /** A name that the template assigns or counts somewhere: what it means depends on what has run. */
    public record Declared(int local, Expression fromLocal, int counter, Expression fromCounter, Expression fromData)
            implements Expression {
        @Override
        public Object evaluate(Context context) {
            if (context.locals[local] != Nil.ABSENT) {
                return fromLocal.evaluate(context);
            }
            return (context.locals[counter] != Nil.ABSENT ? fromCounter : fromData).evaluate(context);
        }
    }

    /** A name worked out at run time. */
    public record Computed(Expression name, Map<String, Integer> variables, int wholeSlot) implements Expression {
        @Override
        public Object evaluate(Context context) {
            Object key = name.evaluate(context);
            Integer variable = key instanceof String text ? variables.get(text) : null;
            if (variable != null && context.locals[variable] != Nil.ABSENT) {
                return context.locals[variable];
            }
            return Lookup.at(context.data[wholeSlot], key);
        }
    }

    public record ProvidedRoot(String name) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return context.scope.provided(name);
        }
    }

    /** What a provided path leads to; a snippet counts as the text it renders to. */
    public record Provided(Expression path) implements Expression {
        @Override
        public Object evaluate(Context context) {
            Object value = path.evaluate(context);
            return value instanceof Snippet snippet ? text(snippet, context) : value;
        }

        private static String text(Snippet snippet, Context outer) {
            if (outer.depth >= MAX_SNIPPET_DEPTH) {
                throw new LimitException("levels of snippets", MAX_SNIPPET_DEPTH);
            }
            int start = outer.out.length();
            snippet.template().renderInside(outer, snippet.data());
            String text = outer.out.textFrom(start);
            outer.takeBack(start);
            return text;
        }
    }

    record Member(Expression of, String name) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return Lookup.member(of.evaluate(context), name);
        }
    }

    /** A member of a variable that has a value: what loops are full of. */
    record LocalMember(int slot, String name) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return Lookup.member(context.locals[slot], name);
        }
    }

    record Item(Expression of, Expression key) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return Lookup.at(of.evaluate(context), key.evaluate(context));
        }
    }

    /** A variable in an output, which must have a value (M42). */
    public record Required(Expression path, String name, boolean nullAllowed) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return evaluate(context, nullAllowed);
        }

        Object evaluate(Context context, boolean nullIsValue) {
            Object value = path.evaluate(context);
            if (value instanceof Nil nil && !(nullIsValue && nil == Nil.NULL)) {
                context.missing(name, nil);
            }
            return value;
        }
    }

    /** Numbers, texts, lists: what a path with a fixed key can have in it. */
    public static Step step(Expression key) {
        boolean name = key instanceof Expression.Constant constant && constant.value() instanceof String;
        return name ? new Step(Values.text(((Expression.Constant) key).value()), null) : new Step(null, key);
    }
}
