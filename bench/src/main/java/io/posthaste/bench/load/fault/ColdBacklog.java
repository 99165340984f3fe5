package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A gateway starts with a backlog for receivers that take their time. It does not run into them: no attempt fails, and
 * there are not many more connections than requests under way.
 */
final class ColdBacklog implements Scenario {
    @Override
    public String name() {
        return "cold-backlog";
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        int backlog = stage.script().times(200_000, 5_000);
        List<Integer> all = stage.allActions();
        stage.behave(all, "delay:100-300");
        stage.gateway().process().kill();
        try (Drive drive = stage.backlog(stage.workload(), backlog)) {
            Duration start = stage.gateway().restart();
            Duration first = stage.awaitProgress(drive);
            Reconciliation jobs = stage.finish(drive);
            double retried = stage.metric("posthaste_deliveries_total", "outcome=\"retried\"");
            double unheard = stage.metric("posthaste_attempts_total", "answer=\"none\"");
            return new Verdict(
                    name(),
                    jobs.isGood() && jobs.accepted() == backlog && retried == 0 && unheard == 0,
                    "%s; ready after %d ms, first delivery %d ms later; attempts without an answer %,.0f, retried %,.0f"
                            .formatted(Findings.of(jobs), start.toMillis(), first.toMillis(), unheard, retried));
        } finally {
            stage.behave(all, "");
        }
    }
}
