package io.posthaste.queue;

import io.posthaste.job.Lease;
import java.time.Duration;
import java.util.List;

/**
 * What one claim took.
 *
 * @param leases the jobs, each leased to the caller alone
 * @param idleFor how long nothing more is expected to come due, zero when there is more already; a hint, so the
 *     caller also polls at a bounded interval
 */
public record Claim(List<Lease> leases, Duration idleFor) {}
