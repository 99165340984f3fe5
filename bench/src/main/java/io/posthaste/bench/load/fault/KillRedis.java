package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code kill -9} of Redis under load, with one fsync policy. The gateway is not restarted. Accepted means acknowledged
 * to the producer.
 *
 * <p>With {@code always}, nothing accepted may be lost. With {@code everysec} a killed process loses nothing that it
 * had written, but Redis puts off writing for up to two seconds while an fsync is slow: what was accepted in the last
 * two seconds before a kill may be lost, and its amount is shown.
 */
final class KillRedis implements Scenario {
    private static final long EVERYSEC_WINDOW_MICROS = 2_000_000;

    private final String fsync;

    KillRedis(String fsync) {
        this.fsync = fsync;
    }

    @Override
    public String name() {
        return "kill-redis " + fsync;
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        stage.redis().fsync(fsync);
        int kills = stage.script().times(10, 2);
        List<Long> killedAt = new ArrayList<>();
        Set<String> inFlight = new HashSet<>();
        Duration slowest = Duration.ZERO;
        try (Drive drive = stage.load()) {
            for (int kill = 0; kill < kills; kill++) {
                stage.pause(500, 2500);
                killedAt.add(Clock.micros());
                stage.redis().kill();
                stage.pause(100, 800);
                stage.redis().restart();
                inFlight.addAll(stage.shard().leases());
                Duration recovery = stage.awaitProgress(drive);
                slowest = recovery.compareTo(slowest) > 0 ? recovery : slowest;
            }
            Reconciliation jobs = stage.finish(drive);
            int unexplained = unexplained(drive, killedAt);
            return new Verdict(
                    name(),
                    unexplained == 0 && jobs.changed() == 0 && isBounded(jobs, inFlight.size()),
                    ("%d kills; %s (%d of them not explained by the policy); in flight %d, repeated by the producer %d;"
                                    + " slowest recovery %d ms")
                            .formatted(
                                    kills,
                                    Findings.of(jobs),
                                    unexplained,
                                    inFlight.size(),
                                    jobs.repeated(),
                                    slowest.toMillis()));
        } finally {
            stage.redis().fsync("everysec");
        }
    }

    /** With everysec, deliveries settled in the lost seconds come again; there is no count to hold them to. */
    private boolean isBounded(Reconciliation jobs, int inFlight) {
        return !"always".equals(fsync) || jobs.extra() <= inFlight + jobs.repeated();
    }

    private int unexplained(Drive drive, List<Long> killedAt) {
        if ("always".equals(fsync)) {
            return drive.ledger().lost(accepted -> true);
        }
        return drive.ledger()
                .lost(accepted -> killedAt.stream()
                        .noneMatch(kill -> accepted <= kill && accepted >= kill - EVERYSEC_WINDOW_MICROS));
    }
}
