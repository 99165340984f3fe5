package io.posthaste.bench.load.cluster;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.fault.Findings;
import io.posthaste.bench.load.fault.Verdict;
import io.posthaste.bench.load.process.RedisNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** {@code redis-cli --cluster reshard} under load, in the long version then a server that is added: shards move while they work. */
final class Reshard implements ClusterScenario {
    /** More than a sixteenth of all: a shard of sixteen at least. */
    private static final int SLOTS = 1_100;

    @Override
    public String name() {
        return "reshard";
    }

    @Override
    public Verdict play(ClusterStage stage) throws IOException {
        try (Drive drive = stage.load()) {
            stage.pause(2_000, 2_000);
            long from = Clock.micros();
            RedisNode source = stage.somePrimary();
            List<RedisNode> others = stage.cluster().primaries().stream()
                    .filter(node -> !node.equals(source))
                    .toList();
            stage.cluster().reshard(source, others.getFirst(), SLOTS);
            if (!stage.script().quick()) {
                stage.cluster().grow();
            }
            stage.awaitArrivals(drive, Clock.micros(), number -> true);
            long to = Clock.micros();
            Reconciliation jobs = stage.finish(drive);
            long[] waits = drive.ledger().delays(from, to, number -> true);
            return new Verdict(
                    name(),
                    jobs.isGood(),
                    String.format(
                            Locale.ROOT,
                            "%s; %.1f s of moving, p99 then %.0f ms, longest wait %.1f s",
                            Findings.withRepeats(jobs),
                            (to - from) / 1e6,
                            waits[(int) (waits.length * 0.99)] / 1e3,
                            waits[waits.length - 1] / 1e6));
        }
    }
}
