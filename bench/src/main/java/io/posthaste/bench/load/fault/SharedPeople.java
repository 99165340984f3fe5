package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Workload;
import java.io.IOException;

/**
 * {@code kill -9} of the gateway at random moments, while every answer adds 1 to an attribute of one of a few people.
 * Some kills fall between an answer and its commit; at the end the sums are the deliveries, exactly.
 */
final class SharedPeople implements Scenario {
    @Override
    public String name() {
        return "attributes";
    }

    @Override
    public boolean waitsForLeases() {
        return true;
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        Workload workload = stage.workload().with(Workload.Attributes.SHARED);
        stage.putActions(workload);
        stage.shard().forgetPeople(workload.people().size());
        int kills = stage.script().times(100, 10);
        try (Drive drive = stage.load(workload)) {
            for (int kill = 0; kill < kills; kill++) {
                stage.pause(200, 1000);
                stage.gateway().process().kill();
                stage.gateway().restart();
                stage.awaitProgress(drive);
            }
            Reconciliation jobs = stage.finish(drive);
            long sum = stage.shard().sumOfPeople(workload.people().size());
            return new Verdict(
                    name(),
                    jobs.isGood() && sum == jobs.accepted(),
                    "%d kills; %s; added %,d".formatted(kills, Findings.of(jobs), sum));
        } finally {
            stage.putActions(stage.workload());
        }
    }
}
