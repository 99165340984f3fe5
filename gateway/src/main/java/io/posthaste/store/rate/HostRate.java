package io.posthaste.store.rate;

/**
 * The limit of a host.
 *
 * @param host as {@link HostRates#of} says: {@code api.example.com}, all of its ports together, or
 *     {@code api.example.com:8443}, that port alone
 * @param perSecond requests a second of all gateways and actions, {@link #LEAST_PER_SECOND} to {@link #MOST_PER_SECOND}
 * @param version 1 for the first, one more with each change
 * @param createdAtMillis epoch milliseconds
 * @param updatedAtMillis epoch milliseconds
 */
public record HostRate(String host, double perSecond, long version, long createdAtMillis, long updatedAtMillis) {
    public static final double LEAST_PER_SECOND = 0.001;

    /** As of an action. */
    public static final double MOST_PER_SECOND = 1_000_000;
}
