/** Counters and timers, units in their names, and the page Prometheus reads. */
@NullMarked
package io.posthaste.metrics;

import org.jspecify.annotations.NullMarked;
