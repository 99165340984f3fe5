package io.posthaste.bench.load;

import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.fault.Scenario;
import io.posthaste.bench.load.fault.Scenarios;
import io.posthaste.bench.load.fault.Stage;
import io.posthaste.bench.load.fault.Verdict;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The reliability suite: scenarios on a stage, and their verdicts. */
final class Reliability {
    private final Setup setup;
    private final Workload workload;
    private final Stage.Script script;

    Reliability(Setup setup, Workload workload, Stage.Script script) {
        this.setup = setup;
        this.workload = workload;
        this.script = script;
    }

    /** Plays the scenarios; true when all passed. */
    boolean run(List<Scenario> scenarios, long seed, @Nullable Path json) {
        System.out.printf("%d scenarios at %,.0f jobs/s, seed %d%n", scenarios.size(), script.perSecond(), seed);
        try (ReceiverProcess receiver = ReceiverProcess.start(setup.work(), Contender.SIGNING_KEY)) {
            List<Verdict> verdicts = Scenarios.play(scenarios, () -> stage(receiver));
            long badSignatures = receiver.stats().getOrDefault("signatures_bad", 0L);
            long passed = verdicts.stream().filter(Verdict::passed).count();
            System.out.printf("%d of %d passed; bad signatures %d%n", passed, verdicts.size(), badSignatures);
            if (json != null) {
                Map<String, Object> report = new LinkedHashMap<>(Machine.describe());
                report.put("seed", seed);
                report.put("verdicts", verdicts);
                Machine.write(report, json);
            }
            return passed == verdicts.size() && badSignatures == 0;
        }
    }

    private Stage stage(ReceiverProcess receiver) {
        RedisServer redis = RedisServer.start(setup.work(), "everysec");
        Map<String, String> settings = PosthasteContender.settings(redis.address(), receiver.uri());
        // Jobs in flight at a kill wait for the end of their lease: the shortest margin keeps the short version short.
        if (script.quick()) {
            settings.put("POSTHASTE_QUEUE_LEASE_MARGIN", "1s");
        }
        settings.putAll(setup.gatewaySettings());
        GatewayProcess gateway = GatewayProcess.start(setup.jar(), setup.javaOptions(), setup.work(), settings);
        return new Stage(redis, gateway, receiver, workload, script);
    }
}
