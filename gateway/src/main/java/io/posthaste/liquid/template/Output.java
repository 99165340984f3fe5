package io.posthaste.liquid.template;

import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Utf8;
import io.posthaste.liquid.value.Values;

/** {@code {{ … }}} and {@code echo}, in the kinds worth telling apart. */
public final class Output {
    private Output() {}

    /** An output, which by itself has a value (M75); that may be a stored null, which has no text. */
    interface Bare extends Node {
        Object value(Context context);
    }

    public static Node of(Expression expression, int at) {
        if (expression instanceof Path.Required required && required.path() instanceof Path.Data data) {
            return new OfData(data.slot(), required.name(), at);
        }
        if (expression instanceof FilterCall call && call.prints()) {
            return new Printed(call, at);
        }
        return new Any(expression, at);
    }

    /** A path into the data: nearly every output there is. */
    record OfData(int slot, String name, int at) implements Bare {
        @Override
        public Object value(Context context) {
            context.at = at;
            Object value = context.data[slot];
            if (value instanceof Nil nil && nil != Nil.NULL) {
                context.missing(name, nil);
            }
            return value instanceof Utf8 text ? text.toString() : value;
        }

        @Override
        public void render(Context context) {
            context.at = at;
            context.budget.step();
            Object value = context.data[slot];
            int start = context.out.length();
            if (value instanceof Utf8 text) {
                text.appendTo(context.out);
            } else if (value instanceof Nil nil) {
                context.missing(name, nil);
            } else {
                Values.append(value, context.out);
            }
            context.printedFrom(start);
        }
    }

    /** An output whose last filter writes its result itself. */
    record Printed(FilterCall call, int at) implements Bare {
        @Override
        public Object value(Context context) {
            context.at = at;
            return call.evaluate(context);
        }

        @Override
        public void render(Context context) {
            context.at = at;
            FilterCall.Ready ready = call.ready(context);
            int start = context.out.length();
            ready.print(context.out);
            context.printedFrom(start);
        }
    }

    record Any(Expression expression, int at) implements Bare {
        @Override
        public Object value(Context context) {
            context.at = at;
            return expression instanceof Path.Required required
                    ? required.evaluate(context, true)
                    : expression.evaluate(context);
        }

        @Override
        public void render(Context context) {
            context.at = at;
            context.budget.step();
            Object value = expression.evaluate(context);
            int start = context.out.length();
            Values.append(value, context.out);
            context.printedFrom(start);
        }
    }
}
