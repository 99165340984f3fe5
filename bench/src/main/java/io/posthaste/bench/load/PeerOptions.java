package io.posthaste.bench.load;

import io.posthaste.bench.load.process.LoadException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom the gateway is compared with, as the command line has it. */
final class PeerOptions {
    @Option(names = "--peer", description = "bullmq: run that worker too, in turn with the gateway, and compare")
    @Nullable
    private String peer;

    @Option(names = "--peer-processes", paramLabel = "N", description = "worker processes of the peer (default: 2)")
    private int processes = 2;

    @Option(names = "--peer-concurrency", paramLabel = "N", description = "jobs in flight in each (default: 50)")
    private int concurrency = 50;

    boolean isGiven() {
        return peer != null;
    }

    void check() {
        if (peer != null && !BullmqContender.NAME.equals(peer)) {
            throw new LoadException("--peer " + peer + ": only bullmq");
        }
    }

    /** @param paced whether jobs come at a rate instead of as fast as they go */
    BullmqContender.Settings settings(boolean paced) {
        return new BullmqContender.Settings(processes, concurrency, paced);
    }
}
