package io.posthaste.liquid.parse;

/** Where a parser takes its tokens from: a template, or the lines of a {@code liquid} tag. */
interface Tokens {
    /** The next token; of kind END, again and again, when there are no more. */
    Token next();

    /**
     * Everything up to the tag that closes a block whose inside is not parsed.
     *
     * @param name of the block
     * @param nests whether the same block inside needs its own end
     * @return the inside as a TEXT token, or one of kind END if the block is never closed
     */
    Token verbatim(String name, boolean nests);
}
