/** Reads JSON that nobody vouches for, strictly, with problems that name the place. Uses Jackson only. */
@NullMarked
package io.posthaste.json;

import org.jspecify.annotations.NullMarked;
