package io.posthaste.liquid.template;

import io.posthaste.liquid.filter.FilterContext;
import io.posthaste.liquid.value.Budget;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Utf8Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All that changes while a template renders. One per render; never shared. */
public final class Context {
    /** How a loop's turn ends early. */
    public enum Jump {
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
    /** Up to where the output was looked at for quotes, and whether a JSON string is open there. */
    private int looked;

    private boolean inString;
    private final @Nullable PrintedValues printed;

    Context(Scope scope, FilterContext filters, Object[] data, int localCount, Utf8Buffer out, int depth) {
        this.scope = scope;
        this.filters = filters;
        this.budget = filters.budget();
        this.data = data;
        this.printed = scope.printed();
        this.out = out;
        this.depth = depth;
        this.looked = out.length();
        this.locals = new Object[localCount];
        Arrays.fill(locals, Nil.ABSENT);
    }

    /** What a block prints, taken back from the output. */
    String taken(Block body) {
        int start = out.length();
        int lookedBefore = looked;
        boolean inStringBefore = inString;
        body.render(this);
        String text = out.textFrom(start);
        takeBack(start);
        looked = lookedBefore;
        inString = inStringBefore;
        budget.retain(text.length());
        return budget.text(text);
    }

    /** Unprints what was printed from there on. */
    void takeBack(int start) {
        out.truncate(start);
        if (printed != null) {
            printed.forgetFrom(start);
        }
    }

    /** Says that what was printed from here on is a value. */
    void printedFrom(int start) {
        if (printed != null) {
            printed.add(start, out.length(), at);
        }
    }

    /** Whether what is printed next stands inside a string of the JSON that was printed so far. */
    boolean inJsonString() {
        byte[] bytes = out.array();
        int end = out.length();
        while (looked < end) {
            byte b = bytes[looked++];
            if (b == '"') {
                inString = !inString;
            } else if (b == '\\' && inString) {
                looked++;
            }
        }
        return inString;
    }

    /** Says that an output has no value: ends the render, or prints nothing and is remembered (M42 to M44). */
    void missing(String name, Nil kind) {
        if (kind != Nil.ABSENT && scope.failOnMissing()) {
            throw new MissingException(name);
        }
        scope.noteEmpty(name);
    }
}
