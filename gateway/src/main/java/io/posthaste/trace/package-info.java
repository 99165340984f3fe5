/**
 * Turns of deliveries as OpenTelemetry spans, made once a turn is settled: nothing on its way knows of them, and without an
 * endpoint there are none. Uses {@code job}.
 */
@NullMarked
package io.posthaste.trace;

import org.jspecify.annotations.NullMarked;
