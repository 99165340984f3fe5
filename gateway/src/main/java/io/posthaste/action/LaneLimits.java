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

    /** What each of so many may use, so that together they keep to these; a place for each at least. */
    public LaneLimits sharedBy(int shares) {
        return new LaneLimits(
                maxInFlight == null ? null : Integer.valueOf((maxInFlight + shares - 1) / shares),
                maxPerSecond == null ? null : Double.valueOf(maxPerSecond / shares));
    }
}
