/** Fixtures: real servers, a clock that is moved by hand, builders for the nouns. */
@NullMarked
package io.posthaste.testing;

import org.jspecify.annotations.NullMarked;
