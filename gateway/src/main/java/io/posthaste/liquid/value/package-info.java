/** What templates compute with: values, numbers, JSON in and out, the output buffer and the budget of one render. */
@NullMarked
package io.posthaste.liquid.value;

import org.jspecify.annotations.NullMarked;
