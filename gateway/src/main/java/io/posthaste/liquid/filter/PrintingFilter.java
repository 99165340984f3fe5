package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.Utf8Buffer;

/** A filter whose result is text that can be printed straight into the output when it is the last one. */
public interface PrintingFilter extends Filter {
    void print(Object input, Arguments arguments, FilterContext context, Utf8Buffer out);

    /**
     * Whether what it prints needs no escaping in JSON text.
     *
     * @param inString whether it is printed inside a JSON string, or as a value of its own
     */
    boolean isJson(Object input, Arguments arguments, boolean inString);

    @Override
    default Object apply(Object input, Arguments arguments, FilterContext context) {
        Utf8Buffer out = new Utf8Buffer(128, context.budget().maxValueBytes());
        out.reset(context.budget().maxValueBytes(), "bytes in one value");
        print(input, arguments, context, out);
        return context.budget().text(out.toString());
    }
}
