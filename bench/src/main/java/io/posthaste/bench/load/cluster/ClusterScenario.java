package io.posthaste.bench.load.cluster;

import io.posthaste.bench.load.fault.Verdict;
import java.io.IOException;

/** Something that goes wrong under load with a cluster of servers, or with several gateways. */
interface ClusterScenario {
    String name();

    /** Plays it on a stage where everything works; leaves the stage working. */
    Verdict play(ClusterStage stage) throws IOException;
}
