package io.posthaste.liquid.template;

import io.posthaste.liquid.filter.Arguments;
import io.posthaste.liquid.filter.Filter;
import io.posthaste.liquid.filter.FilterContext;
import io.posthaste.liquid.filter.PrintingFilter;
import io.posthaste.liquid.value.Utf8Buffer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code input | filter: arguments}. */
public final class FilterCall implements Expression {
    private final Expression input;
    private final Filter filter;
    private final Expression[] arguments;
    /** The arguments, if all of them are literals. */
    private final @Nullable Arguments fixed;

    public FilterCall(Expression input, Filter filter, List<Expression> arguments) {
        this.input = input;
        this.filter = filter;
        this.arguments = arguments.toArray(Expression[]::new);
        this.fixed = fixed(arguments);
    }

    private static @Nullable Arguments fixed(List<Expression> arguments) {
        if (arguments.isEmpty()) {
            return Arguments.NONE;
        }
        Object[] values = new Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            if (!(arguments.get(i) instanceof Constant constant)) {
                return null;
            }
            values[i] = constant.value();
        }
        return new Arguments(values);
    }

    @Override
    public Object evaluate(Context context) {
        Object value = input.evaluate(context);
        context.budget.visit(value);
        return context.budget.made(filter.apply(value, arguments(context), context.filters));
    }

    /** Whether the result can be printed without being made. */
    boolean prints() {
        return filter instanceof PrintingFilter;
    }

    /** A call of a filter that prints, with all it needs. */
    record Ready(PrintingFilter filter, Object input, Arguments arguments, FilterContext context) {
        void print(Utf8Buffer out) {
            filter.print(input, arguments, context, out);
        }

        /** Whether what it prints is right as it is, inside or outside a JSON string. */
        boolean isJson(boolean inString) {
            return filter.isJson(input, arguments, inString);
        }

        Object apply() {
            return filter.apply(input, arguments, context);
        }
    }

    /** Only of one that {@link #prints}. */
    Ready ready(Context context) {
        Object value = input.evaluate(context);
        context.budget.visit(value);
        return new Ready((PrintingFilter) filter, value, arguments(context), context.filters);
    }

    private Arguments arguments(Context context) {
        if (fixed != null) {
            return fixed;
        }
        Object[] values = new Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].evaluate(context);
            context.budget.visit(values[i]);
        }
        return new Arguments(values);
    }

    /** An argument that is an expression over an item: what it gives for one. */
    public record Lambda(int slot, Expression body) implements Expression {
        @Override
        public Object evaluate(Context context) {
            Function<Object, Object> function = item -> {
                context.locals[slot] = item;
                return body.evaluate(context);
            };
            return function;
        }
    }
}
