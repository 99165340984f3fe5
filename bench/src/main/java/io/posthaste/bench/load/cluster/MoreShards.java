package io.posthaste.bench.load.cluster;

import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.fault.Findings;
import io.posthaste.bench.load.fault.Verdict;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The number of shards doubles under load, while each gateway in turn and a primary are killed: jobs arrive, people have
 * moved to where they belong, and what answers add to them adds up.
 */
final class MoreShards implements ClusterScenario {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Override
    public String name() {
        return "more-shards";
    }

    @Override
    public Verdict play(ClusterStage stage) throws IOException {
        Workload workload = stage.sharedPeople();
        int before = stage.shards();
        long unsetBefore = stage.toldUnset();
        try (Drive drive = stage.loadOfSharedPeople(workload)) {
            ask(stage, 2 * before);
            for (GatewayProcess gateway : stage.gateways()) {
                stage.pause(500, 3_000);
                stage.lose(gateway);
            }
            stage.lose(stage.somePrimary());
            awaitSettled(stage, 2 * before);
            stage.pause(2_000, 2_000);
            Reconciliation jobs = stage.finish(drive);
            stage.readShardsAnew();
            long sum = stage.sumOfPeople(workload);
            long unset = stage.toldUnset() - unsetBefore;
            return new Verdict(
                    name(),
                    jobs.isGood() && sum + unset == jobs.accepted() && stage.shards() == 2 * before,
                    "from %d to %d, %d gateways and a primary killed; %s; added %,d, told as not added %d"
                            .formatted(
                                    before,
                                    stage.shards(),
                                    stage.gateways().size(),
                                    Findings.withRepeats(jobs),
                                    sum,
                                    unset));
        } finally {
            stage.putActions(stage.workload());
        }
    }

    private static void ask(ClusterStage stage, int shards) {
        int status = stage.gateways().getFirst().post("/v1/shards", "{\"count\": %d}".formatted(shards));
        LoadException.unless(status / 100 == 2, "POST /v1/shards answered " + status);
    }

    private static void awaitSettled(ClusterStage stage, int shards) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String wanted = "\"count\":" + shards;
        while (true) {
            String now = stage.gateways().getFirst().get("/v1/shards");
            if (now.contains("\"phase\":\"settled\"") && now.contains(wanted)) {
                return;
            }
            LoadException.unless(System.nanoTime() < deadline, "the change did not come to its end: " + now);
            LockSupport.parkNanos(200_000_000);
        }
    }
}
