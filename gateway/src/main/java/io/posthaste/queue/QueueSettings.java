package io.posthaste.queue;

import io.posthaste.config.GatewayConfig;
import java.time.Duration;

/**
 * What the job engine is told about limits and times.
 *
 * @param tag the shard's hash tag
 * @param batch most jobs one claim leases
 * @param longestAttempt the longest any attempt may take, for lanes that were not told of theirs
 * @param leaseMargin how much longer than its attempt a claimed job belongs to its claimer
 * @param settleDelay how long settlements are gathered for one round trip
 * @param laneMaxInFlight leased jobs of one lane, unless its limits say otherwise
 * @param maxReclaims how often a lease may run out before the job fails as {@code crash-loop}
 * @param results entries kept on the results stream
 * @param quarantine malformed inbox entries kept
 * @param dedupeWindow how long an id stays known after its delivery ended; zero for not at all
 * @param history how many ended deliveries are kept, and how long
 */
public record QueueSettings(
        String tag,
        int batch,
        Duration longestAttempt,
        Duration leaseMargin,
        Duration settleDelay,
        int laneMaxInFlight,
        int maxReclaims,
        int results,
        int quarantine,
        Duration dedupeWindow,
        GatewayConfig.History history) {

    /** The one shard of a single Redis. */
    public static final String SINGLE_SHARD = "0";

    /** @param longestAttempt the longest total deadline any attempt may have */
    public static QueueSettings of(GatewayConfig config, Duration longestAttempt) {
        GatewayConfig.Queue queue = config.queue();
        return new QueueSettings(
                SINGLE_SHARD,
                queue.batch(),
                longestAttempt,
                queue.leaseMargin(),
                queue.settleDelay(),
                queue.laneMaxInFlight(),
                queue.maxReclaims(),
                queue.resultsMaxLength(),
                queue.quarantineMaxLength(),
                config.dedupe().window(),
                config.history());
    }
}
