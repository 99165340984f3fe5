package io.posthaste.liquid.template;

/** How a render ended. */
public sealed interface RenderResult {
    /** The text is in the buffer. */
    record Rendered() implements RenderResult {
        static final Rendered INSTANCE = new Rendered();
    }

    /** The template's value; see {@link io.posthaste.liquid.value.Values} for what it can be. */
    record Value(Object value) implements RenderResult {}

    /** An output has no value. The place is the output's, from 1. */
    record MissingVariable(String name, int line, int column) implements RenderResult {}

    /** Something cannot be done with these data. The place is that of the tag or output, from 1. */
    record Failed(String reason, int line, int column) implements RenderResult {}

    /** The render used more than it may. */
    record LimitExceeded(String limit, String reason, int line, int column) implements RenderResult {}

    /** The template ended itself by {@code abort_message}. */
    record Aborted(String reason) implements RenderResult {}
}
