package io.posthaste.bench.load;

import io.posthaste.bench.load.cluster.ClusterFaults;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.fault.Scenarios;
import io.posthaste.bench.load.fault.Stage;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisCluster;
import java.util.ArrayList;
import java.util.HashMap;
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
            long bad = receiver.stats().getOrDefault("signatures_bad", 0L);
            LoadException.unless(bad == 0, bad + " bad signatures");
            return passed;
        }
    }

    private static ClusterFaults.Parts stage(Setup setup, ReceiverProcess receiver, boolean quick) {
        RedisCluster cluster = RedisCluster.start(setup.work(), setup.redis().primaries(), 1);
        Map<String, String> settings = PosthasteContender.settings(cluster.uri(), new Target(receiver.uri(), 1));
        settings.putAll(Scenarios.settings(receiver.uri()));
        // Producers repeat what no replica confirmed: an id that was delivered meanwhile is dropped.
        settings.put("POSTHASTE_DEDUPE_WINDOW", "10m");
        // Jobs in flight at a kill wait for the end of their lease: the shortest margin keeps the short version short.
        if (quick) {
            settings.put("POSTHASTE_QUEUE_LEASE_MARGIN", "4s");
        }
        settings.putAll(setup.gateways().settings());
        List<GatewayProcess> gateways = new ArrayList<>();
        for (int number = 0; number < Math.max(LEAST_GATEWAYS, setup.gateways().count()); number++) {
            Setup own = setup.in("gateway-" + number);
            List<String> options = new ArrayList<>(Reliability.AS_SHIPPED);
            options.addAll(setup.gateways().javaOptions());
            settings.put("POSTHASTE_REDIS_URI", number == 0 ? cluster.uriOfCuttable() : cluster.uri());
            gateways.add(GatewayProcess.start(own.jar(), options, own.work(), new HashMap<>(settings)));
        }
        return new ClusterFaults.Parts(cluster, gateways);
    }
}
