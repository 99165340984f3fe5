package io.posthaste.metrics;

/**
 * One receiving host now.
 *
 * @param limit attempts it may have in flight, below the configured number while it is in trouble
 */
public record HostLoad(String host, int inFlight, int limit) {}
