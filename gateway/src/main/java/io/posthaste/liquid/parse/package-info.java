/**
 * From a template's text to its tree, with every problem on the way. Uses {@code liquid.template}, which it makes, and
 * {@code liquid.value}.
 */
@NullMarked
package io.posthaste.liquid.parse;

import org.jspecify.annotations.NullMarked;
