package io.posthaste.liquid.parse;

import java.time.Duration;

/**
 * What a template and one render of it may use (TPL-3, TPL-4, M33).
 *
 * @param sourceBytes longest source
 * @param nesting deepest nesting of blocks, and of brackets in an expression
 * @param tags most tags and outputs in a source
 * @param filters most filters in one expression
 * @param valueBytes longest text, or most items of a list, on the way
 * @param iterations most turns of all loops together
 * @param steps most steps of one render
 * @param deadline longest time of one render; checked cooperatively
 */
public record Limits(
        int sourceBytes,
        int nesting,
        int tags,
        int filters,
        int valueBytes,
        int iterations,
        long steps,
        Duration deadline) {
    public static final Limits DEFAULT =
            new Limits(1 << 16, 64, 2_000, 100, 1 << 20, 10_000, 1_000_000, Duration.ofMillis(100));

    /** The same with other figures for what an operator may set. */
    public Limits with(int newSourceBytes, int newValueBytes, long newSteps, Duration newDeadline) {
        return new Limits(newSourceBytes, nesting, tags, filters, newValueBytes, iterations, newSteps, newDeadline);
    }
}
