package io.posthaste.bench.load.cluster;

import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.fault.Stage;
import io.posthaste.bench.load.fault.Verdict;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisCluster;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** What goes wrong with a cluster, or with several gateways, and how it is borne. */
public final class ClusterFaults {
    private ClusterFaults() {}

    /**
     * What was started for it.
     *
     * @param gateways the first is the one whose way to a server can be cut
     */
    public record Parts(RedisCluster cluster, List<GatewayProcess> gateways) {}

    /** Plays those named, {@code all} for all; true when all passed. */
    public static boolean play(
            List<String> names,
            Supplier<Parts> parts,
            ReceiverProcess receiver,
            Workload workload,
            Stage.Script script) {
        List<ClusterScenario> scenarios = ClusterScenarios.named(names);
        try (ClusterStage stage = new ClusterStage(parts.get(), receiver, workload, script)) {
            stage.warmUp();
            List<Verdict> verdicts = ClusterScenarios.play(scenarios, stage);
            long passed = verdicts.stream().filter(Verdict::passed).count();
            System.out.printf("%d of %d passed%n", passed, verdicts.size());
            return passed == verdicts.size();
        } catch (IOException e) {
            throw new LoadException("the cluster cannot be used: " + e.getMessage(), e);
        }
    }
}
