package io.posthaste.bench.load.cluster;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.fault.Findings;
import io.posthaste.bench.load.fault.Verdict;
import io.posthaste.bench.load.process.RedisNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * A primary is lost under load and its replica takes over: killed, or hung and then back as one who has missed that. What
 * {@code WAIT} acknowledged is not lost, the other shards do not notice, and everything goes on by itself.
 */
final class LostPrimary implements ClusterScenario {
    private final boolean hangs;

    private LostPrimary(boolean hangs) {
        this.hangs = hangs;
    }

    /** {@code kill -9}, of two after one another. */
    static LostPrimary killed() {
        return new LostPrimary(false);
    }

    /** SIGSTOP, for longer than a failover takes. */
    static LostPrimary hung() {
        return new LostPrimary(true);
    }

    @Override
    public String name() {
        return hangs ? "hang-primary" : "kill-primary";
    }

    /** How it went once. */
    private record Course(boolean isLossless, boolean isBorne, String told) {}

    /** How long others waited is looked at twice: a machine with ten processes on it stumbles. What is lost is lost. */
    @Override
    public Verdict play(ClusterStage stage) throws IOException {
        Course first = course(stage);
        if (first.isBorne() || !first.isLossless()) {
            return new Verdict(name(), first.isBorne() && first.isLossless(), first.told());
        }
        Course again = course(stage);
        return new Verdict(
                name(),
                again.isBorne() && again.isLossless(),
                again.told() + " (once more; before: " + first.told() + ")");
    }

    private Course course(ClusterStage stage) throws IOException {
        List<Outage> outages = new ArrayList<>();
        int times = hangs ? 1 : stage.script().times(2, 1);
        try (Drive drive = stage.load()) {
            for (int time = 0; time < times; time++) {
                outages.add(lose(stage, drive));
            }
            Reconciliation jobs = stage.finish(drive);
            String told = outages.stream()
                    .map(outage -> outage.describe(drive.ledger()))
                    .collect(Collectors.joining("; "));
            return new Course(
                    jobs.isGood(),
                    outages.stream().allMatch(outage -> outage.isBorne(drive.ledger())),
                    Findings.withRepeats(jobs) + "; " + told);
        }
    }

    private Outage lose(ClusterStage stage, Drive drive) throws IOException {
        stage.pause(1_500, 1_500);
        long usualFrom = Clock.micros();
        stage.pause(3_000, 5_000);
        RedisNode victim = stage.somePrimary();
        IntPredicate hit = stage.jobsOn(victim);
        if (hangs) {
            victim.process().signal("STOP");
        } else {
            victim.process().kill();
        }
        long from = Clock.micros();
        stage.awaitArrivals(drive, from, hit);
        Outage outage = new Outage(usualFrom, from, Clock.micros(), hit);
        bringBack(stage, victim);
        return outage;
    }

    private void bringBack(ClusterStage stage, RedisNode victim) {
        if (hangs) {
            stage.pause(stage.script().times(25_000, 1_000), stage.script().times(25_000, 1_000));
            victim.process().signal("CONT");
        } else {
            victim.restart();
        }
        stage.cluster().awaitWhole();
    }
}
