package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.process.ChildProcess;
import java.io.IOException;
import java.util.List;

/** SIGTERM with requests under way: they are finished, nothing is sent twice for it, and the next process goes on. */
final class Terminate implements Scenario {
    private static final int MOST_SECONDS = 30;

    @Override
    public String name() {
        return "sigterm";
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        List<Integer> all = stage.allActions();
        stage.behave(all, "delay:200");
        int stops = stage.script().times(10, 2);
        int leftBehind = 0;
        int badExits = 0;
        long slowest = 0;
        try (Drive drive = stage.load()) {
            for (int stop = 0; stop < stops; stop++) {
                stage.pause(700, 1500);
                long from = System.nanoTime();
                int exit = stage.gateway().process().terminate(MOST_SECONDS);
                slowest = Math.max(slowest, (System.nanoTime() - from) / 1_000_000);
                badExits += ChildProcess.isOrderly(exit) ? 0 : 1;
                leftBehind += stage.shard().leases().size();
                stage.gateway().restart();
                stage.awaitProgress(drive);
            }
            Reconciliation jobs = stage.finish(drive);
            return new Verdict(
                    name(),
                    jobs.isGood() && jobs.extra() == 0 && leftBehind == 0 && badExits == 0,
                    "%d stops; %s; leases left behind %d, bad exit codes %d; slowest stop %d ms"
                            .formatted(stops, Findings.of(jobs), leftBehind, badExits, slowest));
        } finally {
            stage.behave(all, "");
        }
    }
}
