/** Connections to Redis, and scripts run by their digest. The one place that decides time-outs, replay and queue bounds. */
@NullMarked
package io.posthaste.redis;

import org.jspecify.annotations.NullMarked;
