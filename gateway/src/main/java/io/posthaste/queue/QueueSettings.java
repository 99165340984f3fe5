package io.posthaste.queue;

import io.posthaste.config.GatewayConfig;
import java.time.Duration;

/**
 * What the job engine of one shard is told about limits and times.
 *
 * @param tag the shard's hash tag
 * @param batch most jobs one claim leases
 * @param settleDelay how long settlements are gathered for one round trip
 */
public record QueueSettings(String tag, int batch, Duration settleDelay, Leases leases, Kept kept) {

    /** The tag of a keyspace's only shard. */
    public static final String SINGLE_SHARD = "0";

    /**
     * How long a job is its claimer's, and how many are.
     *
     * @param longestAttempt the longest any attempt may take, for lanes that were not told of theirs
     * @param margin how much longer than its attempt a claimed job belongs to its claimer
     * @param laneMaxInFlight leased jobs of one lane, unless its limits say otherwise
     * @param maxReclaims how often a lease may run out before the job fails as {@code crash-loop}
     */
    public record Leases(Duration longestAttempt, Duration margin, int laneMaxInFlight, int maxReclaims) {}

    /**
     * What is kept, and how long.
     *
     * @param results entries on the results stream
     * @param quarantine malformed inbox entries
     * @param dedupeWindow how long an id stays known after its delivery ended; zero for not at all
     * @param history ended deliveries
     */
    public record Kept(int results, int quarantine, Duration dedupeWindow, GatewayConfig.History history) {}

    /** @param longestAttempt the longest total deadline any attempt may have */
    public static QueueSettings of(GatewayConfig config, Duration longestAttempt) {
        GatewayConfig.Queue queue = config.queue();
        return new QueueSettings(
                SINGLE_SHARD,
                queue.batch(),
                queue.settleDelay(),
                new Leases(longestAttempt, queue.leaseMargin(), queue.laneMaxInFlight(), queue.maxReclaims()),
                new Kept(
                        queue.resultsMaxLength(),
                        queue.quarantineMaxLength(),
                        config.dedupe().window(),
                        config.history()));
    }

    /** The same for one of so many shards. */
    public QueueSettings on(String otherTag, int shards) {
        return new QueueSettings(otherTag, batch, settleDelay.multipliedBy(JobQueues.pauses(shards)), leases, kept);
    }
}
