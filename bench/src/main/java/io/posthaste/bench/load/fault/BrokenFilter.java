package io.posthaste.bench.load.fault;

import liqp.TemplateContext;
import liqp.filters.Filter;

/** A filter that a team might bring along, compiled against what is not there: it does not link. */
public final class BrokenFilter extends Filter {
    public BrokenFilter() {
        super("broken");
    }

    @Override
    public Object apply(Object value, TemplateContext context, Object... params) {
        throw new NoSuchMethodError("a library of another version");
    }
}
