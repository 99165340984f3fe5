package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * {@code kill -9} of the gateway at random moments. Nothing may be lost, and what is delivered twice must have been in
 * flight at a kill.
 */
final class KillGateway implements Scenario {
    @Override
    public String name() {
        return "kill-gateway";
    }

    @Override
    public boolean waitsForLeases() {
        return true;
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        // Half of the receivers take a moment, so that kills also meet requests under way.
        List<Integer> slow = IntStream.range(0, stage.actions() / 2).boxed().toList();
        stage.behave(slow, "delay:50");
        int kills = stage.script().times(20, 3);
        Set<String> inFlight = new HashSet<>();
        Duration slowest = Duration.ZERO;
        try (Drive drive = stage.load()) {
            for (int kill = 0; kill < kills; kill++) {
                stage.pause(200, 1500);
                stage.gateway().process().kill();
                inFlight.addAll(stage.shard().leases());
                Duration restart = stage.gateway().restart();
                slowest = restart.compareTo(slowest) > 0 ? restart : slowest;
                stage.awaitProgress(drive);
            }
            Reconciliation jobs = stage.finish(drive);
            stage.behave(slow, "");
            boolean passed = jobs.isGood() && jobs.extra() <= inFlight.size();
            return new Verdict(
                    name(),
                    passed,
                    "%d kills; %s; in flight at the kills %d; slowest restart %d ms"
                            .formatted(kills, Findings.of(jobs), inFlight.size(), slowest.toMillis()));
        }
    }
}
