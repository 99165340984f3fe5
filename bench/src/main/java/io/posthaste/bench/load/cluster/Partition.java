package io.posthaste.bench.load.cluster;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.fault.Findings;
import io.posthaste.bench.load.fault.Verdict;
import io.posthaste.bench.load.process.RedisNode;
import java.io.IOException;
import java.util.function.IntPredicate;

/**
 * One gateway no longer reaches one primary, and everybody else does: the others see to its shards, and what it had leased
 * there is sent again when the leases are over.
 */
final class Partition implements ClusterScenario {
    @Override
    public String name() {
        return "partition";
    }

    @Override
    public Verdict play(ClusterStage stage) throws IOException {
        try (Drive drive = stage.load()) {
            stage.pause(1_500, 1_500);
            long usualFrom = Clock.micros();
            stage.pause(3_000, 3_000);
            RedisNode primary = stage.somePrimary();
            IntPredicate hit = stage.jobsOn(primary);
            long from = Clock.micros();
            primary.relay().cut();
            stage.pause(stage.script().times(30_000, 6_000), stage.script().times(30_000, 6_000));
            long to = Clock.micros();
            primary.relay().heal();
            Reconciliation jobs = stage.finish(drive);
            long[] waits = drive.ledger().delays(from, to, hit);
            Outage outage = new Outage(usualFrom, from, to, hit);
            return new Verdict(
                    name(),
                    jobs.isGood() && waits.length > 0 && waits[waits.length / 2] < 5_000_000,
                    "%s; half of the jobs there within %.1f s, %s"
                            .formatted(
                                    Findings.withRepeats(jobs),
                                    waits[waits.length / 2] / 1e6,
                                    outage.describe(drive.ledger())));
        }
    }
}
