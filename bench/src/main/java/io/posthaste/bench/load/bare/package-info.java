/** A client without a gateway around it. */
@NullMarked
package io.posthaste.bench.load.bare;

import org.jspecify.annotations.NullMarked;
