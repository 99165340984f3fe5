package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Workload;
import java.io.IOException;
import java.util.List;

/**
 * A backlog of jobs as large as they may be, and receivers that hang, then reset, then answer. The heap holds out,
 * claims are answered in time, and nothing ends as a job that cannot be delivered.
 */
final class LargeBodies implements Scenario {
    /** Just below what a job's data may be, whatever the rest of them adds. */
    private static final int BODY_BYTES = 250_000;

    private static final int IMPATIENT_MILLIS = 2_000;
    private static final String CLAIM_FAILED = "claim.failed";

    @Override
    public String name() {
        return "large-bodies";
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        int backlog = stage.script().times(4_000, 800);
        int millis = stage.script().times(20_000, 4_000);
        Workload large = new Workload("form", stage.actions(), BODY_BYTES, 0);
        List<Integer> all = stage.allActions();
        long before = stage.shard().refused();
        long failedClaims = claimFailures(stage);
        stage.putActions(large, IMPATIENT_MILLIS);
        try (Drive drive = stage.backlog(large, backlog)) {
            stage.behave(all, "hang");
            stage.pause(millis, millis);
            stage.behave(all, "reset");
            stage.pause(millis, millis);
            stage.behave(all, "");
            long healed = System.nanoTime();
            int left = backlog - drive.ledger().deliveries();
            Reconciliation jobs = stage.finish(drive);
            double seconds = (System.nanoTime() - healed) / 1e9;
            long refused = stage.shard().refused() - before;
            boolean lives = stage.gateway().process().isAlive();
            failedClaims = claimFailures(stage) - failedClaims;
            return new Verdict(
                    name(),
                    jobs.isGood() && refused == 0 && lives && failedClaims == 0,
                    "%s; failed %d; claims that failed %d; gateway %s; once healed %.0f MB/s"
                            .formatted(
                                    Findings.of(jobs),
                                    refused,
                                    failedClaims,
                                    lives ? "lives" : "is gone",
                                    left * (BODY_BYTES / 1e6) / seconds));
        } finally {
            stage.behave(all, "");
            stage.putActions(stage.workload());
        }
    }

    private static long claimFailures(Stage stage) {
        return stage.gateway()
                .process()
                .output()
                .lines()
                .filter(line -> line.contains(CLAIM_FAILED))
                .count();
    }
}
