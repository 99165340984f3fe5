package io.posthaste.job;

/**
 * What was set on a person for a delivery that is not settled yet.
 *
 * @param attempt whose answer set it
 * @param set a JSON object by attribute
 */
public record AppliedUpdate(Attempt attempt, byte[] set) {}
