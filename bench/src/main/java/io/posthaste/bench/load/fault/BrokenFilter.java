package io.posthaste.bench.load.fault;

import liqp.TemplateContext;
import liqp.filters.Filter;
import org.jspecify.annotations.Nullable;

/** A filter that a team might bring along, one of whose ways needs what is not there: it does not link. */
public final class BrokenFilter extends Filter {
    static final String BREAKS = "breaks";

    public BrokenFilter() {
        super("broken");
    }

    @Override
    public @Nullable Object apply(@Nullable Object value, TemplateContext context, Object... params) {
        if (!BREAKS.equals(value)) {
            return value; // as it is tried at save, with data made up
        }
        throw new NoSuchMethodError("a library of another version");
    }
}
