package io.posthaste.liquid.template;

import io.posthaste.liquid.filter.FilterContext;
import io.posthaste.liquid.value.Nil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one render, or several that belong together, can see. Not thread-safe.
 *
 * <p>The data are the slots of the templates' common projection. A provided name is asked for when a template first
 * uses it and is never looked up in the data.
 */
public final class Scope {
    private final Object[] data;
    private final Function<String, Object> provided;
    private final boolean failOnMissing;
    private List<String> empties = List.of();
    private @Nullable PrintedValues printed;
    private @Nullable FilterContext filters;

    /**
     * @param data as {@link io.posthaste.liquid.value.JsonReader} read it by the templates' projection
     * @param provided the value of a provided name; may be text, a number, an object, {@code Members} or a {@link Snippet}
     * @param failOnMissing whether an output without a value ends the render (M42) or prints nothing (M44)
     */
    public Scope(Object[] data, Function<String, Object> provided, boolean failOnMissing) {
        this.data = data;
        this.provided = provided;
        this.failOnMissing = failOnMissing;
    }

    /** A scope without provided names. */
    public static Scope of(Object[] data, boolean failOnMissing) {
        return new Scope(data, name -> Nil.MISSING, failOnMissing);
    }

    /** Renders from now on note where values stand in their output; null for no longer. */
    public void watch(@Nullable PrintedValues values) {
        printed = values;
    }

    /** What all renders in this scope share: their moment, and one budget, or a request of 66 parts would have as many. */
    FilterContext filters(Supplier<FilterContext> start) {
        FilterContext shared = filters;
        if (shared == null) {
            shared = start.get();
            filters = shared;
        }
        return shared;
    }

    @Nullable
    PrintedValues printed() {
        return printed;
    }

    Object[] data() {
        return data;
    }

    Object provided(String name) {
        return provided.apply(name);
    }

    boolean failOnMissing() {
        return failOnMissing;
    }

    void noteEmpty(String name) {
        if (empties.isEmpty()) {
            empties = new ArrayList<>(4);
        }
        if (empties.size() < 100 && !empties.contains(name)) {
            empties.add(name);
        }
    }

    /** The variables that were printed as nothing so far. */
    public List<String> empties() {
        return List.copyOf(empties);
    }
}
