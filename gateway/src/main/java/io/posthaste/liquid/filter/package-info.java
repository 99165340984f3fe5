/** The filters, one class per family. Uses {@code liquid.value}; knows nothing of tags and parsing. */
@NullMarked
package io.posthaste.liquid.filter;

import org.jspecify.annotations.NullMarked;
