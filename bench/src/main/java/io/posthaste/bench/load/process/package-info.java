/** The processes of a load test, what they cost, and how they are reached. Knows nothing of what is measured. */
@NullMarked
package io.posthaste.bench.load.process;

import org.jspecify.annotations.NullMarked;
