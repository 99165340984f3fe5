package io.posthaste.admin;

import java.util.List;
import java.util.function.Supplier;

/**
 * What the process tells about itself.
 *
 * @param readiness asked at each {@code /readyz}; must not block
 * @param metrics Prometheus text; must not block
 * @param ipAddresses the addresses receivers see (M16)
 */
public record Insight(Supplier<Readiness> readiness, Supplier<String> metrics, List<String> ipAddresses) {}
