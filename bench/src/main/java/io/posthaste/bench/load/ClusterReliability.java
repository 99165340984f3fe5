package io.posthaste.bench.load;

import io.posthaste.bench.load.cluster.ClusterFaults;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.fault.Stage;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The reliability suite on a cluster: one stage for all scenarios, gateways beside each other on it. */
final class ClusterReliability {
    /** One that falls silent needs another. */
    private static final int LEAST_GATEWAYS = 2;

    private ClusterReliability() {}

    /** True when all passed. */
    static boolean run(Setup setup, Workload workload, Stage.Script script, List<String> faults) {
        System.out.printf(
                "a cluster of %d primaries, at %,.0f jobs/s%n", setup.redis().primaries(), script.perSecond());
        try (ReceiverProcess receiver =
                ReceiverProcess.start(setup.work(), Contender.SIGNING_KEY, ReceiverProcess.Serving.EVERYWHERE)) {
            boolean passed = ClusterFaults.play(
                    faults, () -> stage(setup, receiver, script.quick()), receiver, workload, script);
            Reliability.checkSignatures(receiver);
            return passed;
        }
    }

    private static ClusterFaults.Parts stage(Setup setup, ReceiverProcess receiver, boolean quick) {
        RedisCluster cluster = RedisCluster.start(setup.work(), setup.redis().primaries(), 1);
        List<GatewayProcess> gateways = new ArrayList<>();
        for (int number = 0; number < Math.max(LEAST_GATEWAYS, setup.gateways().count()); number++) {
            Setup own = setup.in("gateway-" + number);
            String redis = number == 0 ? cluster.uriOfCuttable() : cluster.uri();
            Map<String, String> settings = Reliability.settings(own, redis, receiver, quick);
            // Producers repeat what no replica confirmed: an id that was delivered meanwhile is dropped.
            settings.putIfAbsent("POSTHASTE_DEDUPE_WINDOW", "10m");
            gateways.add(GatewayProcess.start(own.jar(), Reliability.options(own), own.work(), settings));
        }
        return new ClusterFaults.Parts(cluster, gateways);
    }
}
