package io.posthaste.liquid.plugin;

import io.posthaste.liquid.filter.Arguments;
import io.posthaste.liquid.filter.Filter;
import io.posthaste.liquid.filter.FilterContext;
import io.posthaste.liquid.value.RenderException;
import java.util.HashMap;
import liqp.TemplateContext;
import liqp.TemplateParser;
import liqp.parser.Flavor;
import org.jspecify.annotations.Nullable;

/** A Liqp filter as one of ours: it gets plain Java values, and what it gives is held to the limits of every value. */
final class LiqpFilter implements Filter {
    private static final int MAX_MESSAGE = 200;
    private static final TemplateParser PARSER =
            new TemplateParser.Builder().withFlavor(Flavor.LIQUID).build();

    private final liqp.filters.Filter filter;

    LiqpFilter(liqp.filters.Filter filter) {
        this.filter = filter;
    }

    @Override
    public Object apply(Object input, Arguments arguments, FilterContext context) {
        JavaValues values = new JavaValues(context.budget());
        @Nullable Object[] parameters = new @Nullable Object[arguments.count()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = values.toJava(arguments.at(i));
        }
        return values.fromJava(call(values.toJava(input), parameters));
    }

    /** A context of its own for each call: Liqp's are neither thread-safe nor meant to outlive a render (TPL-8). */
    private @Nullable Object call(@Nullable Object input, @Nullable Object[] parameters) {
        try {
            return filter.apply(input, new TemplateContext(PARSER, new HashMap<>()), parameters);
        } catch (RuntimeException e) {
            String message = e.getMessage() == null ? "no reason given" : e.getMessage();
            throw new RenderException(
                    filter.getName() + " failed: " + message.substring(0, Math.min(message.length(), MAX_MESSAGE)));
        } catch (LinkageError missing) {
            // Reactor lets it through, and whoever waits for the rendering would wait for ever.
            throw new IllegalStateException("filter " + filter.getName() + " does not link: " + missing, missing);
        }
    }
}
