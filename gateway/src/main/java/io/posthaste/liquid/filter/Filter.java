package io.posthaste.liquid.filter;

/** What stands behind a {@code |}: a value and arguments to a value. Shared by all threads, so without state of its own. */
@FunctionalInterface
public interface Filter {
    /**
     * @param input what stands before the filter; see {@link io.posthaste.liquid.value.Values} for what it can be
     * @param arguments as many as the filter's signature allows; left-out ones at the end are not in it
     * @throws io.posthaste.liquid.value.RenderException if this cannot be done, which ends the rendering
     */
    Object apply(Object input, Arguments arguments, FilterContext context);
}
