package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;

/** {@code SCRIPT FLUSH} under load, as a failover does it: nothing lost, nothing twice. */
final class ScriptFlush implements Scenario {
    @Override
    public String name() {
        return "script-flush";
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        int flushes = stage.script().times(50, 5);
        try (Drive drive = stage.load()) {
            for (int flush = 0; flush < flushes; flush++) {
                stage.pause(50, 400);
                try (RedisConnection redis = RedisConnection.open(stage.redis().address())) {
                    redis.call("SCRIPT", "FLUSH", "SYNC");
                }
            }
            stage.awaitProgress(drive);
            Reconciliation jobs = stage.finish(drive);
            return new Verdict(
                    name(), jobs.isGood() && jobs.extra() == 0, "%d flushes; %s".formatted(flushes, Findings.of(jobs)));
        }
    }
}
