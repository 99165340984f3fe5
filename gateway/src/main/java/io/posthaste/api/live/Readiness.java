package io.posthaste.api.live;

/**
 * Whether the gateway can deliver.
 *
 * @param reason why not, in a few words without addresses or data; empty when ready
 */
public record Readiness(boolean ready, String reason) {}
