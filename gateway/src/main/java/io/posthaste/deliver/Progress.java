package io.posthaste.deliver;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Whether deliveries move: the truth behind {@code /readyz}. A gateway whose API answers while its loop stands still
 * is not ready.
 */
public final class Progress {
    private final LongSupplier nanoTime;
    private final Duration patience;
    private volatile long claimedAt;
    private volatile long settledAt;
    private volatile boolean everClaimed;
    private volatile boolean stopping;
    private volatile String refusal = "";

    /** @param patience how long neither a claim nor, with work in flight, a settlement may succeed */
    public Progress(LongSupplier nanoTime, Duration patience) {
        this.nanoTime = nanoTime;
        this.patience = patience;
        this.claimedAt = nanoTime.getAsLong();
        this.settledAt = claimedAt;
    }

    /** The steady clock that progress is measured with, in nanoseconds. */
    long nanoTime() {
        return nanoTime.getAsLong();
    }

    void claimed(int inFlight) {
        claimedAt = nanoTime.getAsLong();
        everClaimed = true;
        if (inFlight == 0) {
            // With nothing in flight there is nothing to settle: the wait for a settlement starts anew.
            settledAt = claimedAt;
        }
    }

    void settled() {
        settledAt = nanoTime.getAsLong();
    }

    /** @param why Redis is of no use now, empty when it is */
    void redis(String why) {
        refusal = why;
    }

    void stopping() {
        stopping = true;
    }

    /** Empty when deliveries progress, otherwise one line that says what stands still. */
    public Optional<String> standstill() {
        if (stopping) {
            return Optional.of("stopping");
        }
        if (!everClaimed) {
            return Optional.of("starting");
        }
        if (!refusal.isEmpty()) {
            return Optional.of(refusal);
        }
        if (isOld(claimedAt)) {
            return Optional.of("no claim from Redis succeeded for " + seconds(claimedAt) + " s");
        }
        return isOld(settledAt)
                ? Optional.of("no delivery was settled for " + seconds(settledAt) + " s")
                : Optional.empty();
    }

    private boolean isOld(long at) {
        return nanoTime.getAsLong() - at > patience.toNanos();
    }

    private long seconds(long at) {
        return (nanoTime.getAsLong() - at) / 1_000_000_000;
    }
}
