package io.posthaste.bench.load.cluster;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.fault.Findings;
import io.posthaste.bench.load.fault.Verdict;
import java.io.IOException;
import java.util.List;

/**
 * {@code kill -9} of gateways, and in the long version of primaries among them, while every answer adds 1 to an attribute of
 * one of a few people, most of whom are on another shard than their delivery. At the end the sums are the deliveries.
 */
final class KilledGateways implements ClusterScenario {
    /** Of the kills, every so-manieth is a primary's. */
    private static final int PRIMARY = 10;

    @Override
    public String name() {
        return "kill-gateway";
    }

    @Override
    public Verdict play(ClusterStage stage) throws IOException {
        Workload workload = stage.sharedPeople();
        int kills = stage.script().times(100, 3);
        int primaries = 0;
        long unsetBefore = stage.toldUnset();
        try (Drive drive = stage.loadOfSharedPeople(workload)) {
            for (int kill = 1; kill <= kills; kill++) {
                stage.pause(200, 1_000);
                if (kill % PRIMARY == 0) {
                    stage.lose(any(stage, stage.cluster().primaries()));
                    primaries++;
                } else {
                    stage.lose(any(stage, stage.gateways()));
                }
            }
            Reconciliation jobs = stage.finish(drive);
            long sum = stage.sumOfPeople(workload);
            long unset = stage.toldUnset() - unsetBefore;
            return new Verdict(
                    name(),
                    jobs.isGood() && sum + unset == jobs.accepted(),
                    "%d kills, %d of them primaries'; %s; added %,d, told as not added %d"
                            .formatted(kills, primaries, Findings.withRepeats(jobs), sum, unset));
        } finally {
            stage.putActions(stage.workload());
        }
    }

    private static <T> T any(ClusterStage stage, List<T> some) {
        return some.get(stage.script().random().nextInt(some.size()));
    }
}
