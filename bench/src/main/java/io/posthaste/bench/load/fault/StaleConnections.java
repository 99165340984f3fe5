package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import java.io.IOException;
import java.util.List;

/**
 * Receivers close their connections just when the next request is about to come. Requests that meet it are sent again at
 * once: no attempt counts as failed.
 */
final class StaleConnections implements Scenario {
    @Override
    public String name() {
        return "stale-connections";
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        int millis = stage.script().times(30_000, 3_000);
        List<Integer> all = stage.allActions();
        try (Drive drive = stage.load()) {
            stage.pause(500, 500);
            stage.awaitCaughtUp(drive);
            double retried = stage.metric("posthaste_deliveries_total", "outcome=\"retried\"");
            double stale = stage.metric("posthaste_connections_stale", "");
            stage.behave(all, "close:20");
            stage.pause(millis, millis);
            stage.behave(all, "");
            Reconciliation jobs = stage.finish(drive);
            retried = stage.metric("posthaste_deliveries_total", "outcome=\"retried\"") - retried;
            stale = stage.metric("posthaste_connections_stale", "") - stale;
            return new Verdict(
                    name(),
                    jobs.isGood() && retried == 0 && stale > 0,
                    "%s; requests that met a closed connection %,.0f, retried %,.0f"
                            .formatted(Findings.of(jobs), stale, retried));
        }
    }
}
