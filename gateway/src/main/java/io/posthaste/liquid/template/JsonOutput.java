package io.posthaste.liquid.template;

import io.posthaste.liquid.value.JsonWriter;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Values;

/** {@code {{ … }}} in a text that is JSON: no value can break it. Where a value stands is known when it is printed. */
public final class JsonOutput {
    private JsonOutput() {}

    public static Node of(Expression expression, int at) {
        if (expression instanceof Path.Required required) {
            return new Variable(required.path(), required.name(), at);
        }
        return expression instanceof FilterCall call && call.prints() ? new Printed(call, at) : new Any(expression, at);
    }

    /** A variable, of which a stored {@code null} is a JSON value like any other where it stands alone. */
    record Variable(Expression path, String name, int at) implements Node {
        @Override
        public void render(Context context) {
            context.at = at;
            context.budget.step();
            Object value = path.evaluate(context);
            boolean inString = context.inJsonString();
            if (value instanceof Nil nil && (inString || nil != Nil.NULL)) {
                context.missing(name, nil);
            }
            write(value, inString, context);
        }
    }

    /** An output whose last filter writes its result itself, perhaps as JSON. */
    record Printed(FilterCall call, int at) implements Node {
        @Override
        public void render(Context context) {
            context.at = at;
            FilterCall.Ready ready = call.ready(context);
            boolean inString = context.inJsonString();
            if (ready.isJson(inString)) {
                ready.print(context.out);
            } else {
                write(ready.apply(), inString, context);
            }
        }
    }

    record Any(Expression expression, int at) implements Node {
        @Override
        public void render(Context context) {
            context.at = at;
            context.budget.step();
            Object value = expression.evaluate(context);
            write(value, context.inJsonString(), context);
        }
    }

    private static void write(Object value, boolean inString, Context context) {
        if (inString) {
            JsonWriter.escape(Values.text(value), context.out);
        } else {
            JsonWriter.COMPACT.write(value, context.out);
        }
    }
}
