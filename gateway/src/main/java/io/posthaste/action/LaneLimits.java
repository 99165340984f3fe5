package io.posthaste.action;

import org.jspecify.annotations.Nullable;

/**
 * What one action may use at a time.
 *
 * @param maxInFlight leased jobs of the lane over all instances; null for the configured default
 * @param maxPerSecond attempts started per second over all instances; null for no limit
 */
public record LaneLimits(
        @Nullable Integer maxInFlight, @Nullable Double maxPerSecond) {
    public static final LaneLimits DEFAULT = new LaneLimits(null, null);
}
