/** The only wiring: builds every part, starts them in order, stops them in reverse. */
@NullMarked
package io.posthaste.boot;

import org.jspecify.annotations.NullMarked;
