package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;
import java.time.Duration;

/**
 * A plug-in's filter throws an error of the virtual machine. Its jobs end with what was thrown, after their reclaims; the
 * others are delivered meanwhile, and no slot is lost.
 */
final class PoisonFilter implements Scenario {
    private static final int BAD_JOBS = 200;
    private static final int TIMEOUT_MILLIS = 500;

    /** Five leases of 16 s each, and what they are spread by. */
    private static final Duration RECLAIMS = Duration.ofMinutes(4);

    @Override
    public String name() {
        return "poison-filter";
    }

    @Override
    public boolean waitsForLeases() {
        return true;
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        long before = stage.shard().refused();
        String url = stage.receiver().uri().resolve("/broken").toString();
        Side broken = Side.put(stage, "broken", url, "{{ host | broken }}", Workload.retry(TIMEOUT_MILLIS, "500, 500"));
        try (Drive drive = stage.load();
                RedisConnection redis = RedisConnection.open(stage.redis().address())) {
            for (int job = 0; job < BAD_JOBS; job++) {
                broken.enqueue(redis, BrokenFilter.BREAKS);
            }
            int delivered = drive.ledger().deliveries();
            stage.pause(2_000, 3_000);
            boolean flows = drive.ledger().deliveries() > delivered;
            Reconciliation jobs = stage.finish(drive);
            long refused = stage.awaitRefused(before + BAD_JOBS, RECLAIMS) - before;
            double taken = stage.metric("posthaste_in_flight", "");
            return new Verdict(
                    name(),
                    jobs.isGood() && flows && refused == BAD_JOBS && taken == 0,
                    "%s; %d bad jobs, ended %d; slots taken in the end %.0f"
                            .formatted(Findings.of(jobs), BAD_JOBS, refused, taken));
        }
    }
}
