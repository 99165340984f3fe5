package io.posthaste.liquid.parse;

import java.time.Duration;

/** What a template and one render of it may use (TPL-3, TPL-4, M33). */
public record Limits(Source source, Render render) {
    public static final Limits DEFAULT = new Limits(
            new Source(1 << 16, 64, 2_000, 100), new Render(1 << 20, 10_000, 1_000_000, Duration.ofMillis(100)));

    /**
     * Of what is compiled.
     *
     * @param bytes longest source
     * @param nesting deepest nesting of blocks, and of brackets in an expression
     * @param tags most tags and outputs in a source
     * @param filters most filters in one expression
     */
    public record Source(int bytes, int nesting, int tags, int filters) {}

    /**
     * Of one render.
     *
     * @param valueBytes longest text, or most items of a list, on the way
     * @param iterations most turns of all loops together
     * @param steps most steps
     * @param deadline longest time; checked cooperatively
     */
    public record Render(int valueBytes, int iterations, long steps, Duration deadline) {}

    /** The same with other figures for what an operator may set. */
    public Limits with(int sourceBytes, int valueBytes, long steps, Duration deadline) {
        return new Limits(
                new Source(sourceBytes, source.nesting(), source.tags(), source.filters()),
                new Render(valueBytes, render.iterations(), steps, deadline));
    }
}
