package io.posthaste.bench.load;

import io.posthaste.bench.load.fault.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is to go wrong, as the command line has it. */
final class FaultOptions {
    private static final double QUICKLY = 500;
    private static final double USUALLY = 2_000;

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "SCENARIO",
            description =
                    "kill-gateway, kill-redis, attributes, script-flush, pause-redis, sigterm, poison, poison-filter, fd-limit,"
                            + " cold-backlog, large-bodies, large-hang, stale-connections, connect-storm, silent-crowd, receiver-hang,"
                            + " receiver-reset, receiver-drip, receiver-flood, or all; with --cluster: kill-primary,"
                            + " hang-primary, reshard, partition, kill-gateway, more-shards, or all")
    private List<String> names = new ArrayList<>();

    @Option(names = "--quick", description = "with --faults: a short version of each scenario; with --soak: 80 s")
    private boolean quick;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "with --faults and --soak: decides when things break (default: random)")
    @Nullable
    private Long seed;

    @Option(
            names = "--rollout-from",
            paramLabel = "JAR",
            description =
                    "two gateways of this jar, the version before, are exchanged for those of this version under load, and back")
    @Nullable
    Path before;

    boolean areNone() {
        return names.isEmpty() && before == null;
    }

    List<String> names() {
        return names;
    }

    boolean quick() {
        return quick;
    }

    long seed() {
        return seed == null ? System.nanoTime() & 0xffffff : seed;
    }

    /** @param rate jobs a second, 0 for what suits */
    double perSecond(double rate) {
        return rate > 0 ? rate : quick ? QUICKLY : USUALLY;
    }

    Stage.Script script(double rate) {
        return new Stage.Script(quick, perSecond(rate), new Random(seed()));
    }
}
