/** Connections to Redis, scripts run by their digest, and the embedded server. The one place that decides time-outs, replay and queue bounds. */
@NullMarked
package io.posthaste.redis;

import org.jspecify.annotations.NullMarked;
