/**
 * A compiled template: nodes that write themselves, and what they see while they do. Uses {@code liquid.value} and
 * {@code liquid.filter}.
 */
@NullMarked
package io.posthaste.liquid.template;

import org.jspecify.annotations.NullMarked;
