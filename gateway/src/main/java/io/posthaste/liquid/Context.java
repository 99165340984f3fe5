package io.posthaste.liquid;

import io.posthaste.liquid.filter.FilterContext;
import io.posthaste.liquid.value.Budget;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Utf8Buffer;
import java.util.Arrays;

/** All that changes while a template renders. One per render; never shared. */
final class Context {
    /** How a loop's turn ends early. */
    enum Jump {
        NONE,
        BREAK,
        CONTINUE
    }

    final Utf8Buffer out;
    final Budget budget;
    final FilterContext filters;
    final Scope scope;
    final Object[] data;
    final Object[] locals;
    Jump jump = Jump.NONE;
    /** Where in the source the piece that renders now starts. */
    int at;
    /** How many snippets are open around this one. */
    final int depth;

    Context(Scope scope, FilterContext filters, Object[] data, int localCount, Utf8Buffer out, int depth) {
        this.scope = scope;
        this.filters = filters;
        this.budget = filters.budget();
        this.data = data;
        this.out = out;
        this.depth = depth;
        this.locals = new Object[localCount];
        Arrays.fill(locals, Nil.ABSENT);
    }

    /** Says that an output has no value: ends the render, or prints nothing and is remembered (M42 to M44). */
    void missing(String name, Nil kind) {
        if (kind != Nil.ABSENT && scope.failOnMissing()) {
            throw new MissingException(name);
        }
        scope.noteEmpty(name);
    }
}
