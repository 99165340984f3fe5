package io.posthaste.liquid.template;

/**
 * A value that is a template of its own: prints what it renders to, sees the data but neither its printer's variables
 * nor the other way round.
 *
 * @param data the slots of the template's own projection
 */
public record Snippet(Template template, Object[] data) {}
