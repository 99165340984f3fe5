package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Latency;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.process.ProcessUsage;
import java.io.IOException;
import java.util.function.IntPredicate;

/**
 * What good receivers notice while others are in trouble: a quiet moment is compared with one of the same length in
 * trouble. Their p99 stays within twice its quiet value, they get as much, and the gateway's memory stays.
 */
final class Beside {
    /** Below this a p99 is a matter of the scheduler, not of lanes: the short version runs on busy machines. */
    private static final int NOISE_MILLIS = 50;

    private static final int QUICK_NOISE_MILLIS = 250;
    private static final long MOST_GROWTH_BYTES = 256L << 20;

    private final String name;
    private final Stage.Script script;
    private final Reconciliation jobs;
    private final Latency before;
    private final Latency during;
    private final long grown;

    /** What goes wrong, and how it heals. */
    interface Trouble {
        void begin() throws IOException;

        void end() throws IOException;
    }

    private Beside(String name, Stage.Script script, Reconciliation jobs, Latency before, Latency during, long grown) {
        this.name = name;
        this.script = script;
        this.jobs = jobs;
        this.before = before;
        this.during = during;
        this.grown = grown;
    }

    /** @param good numbers of the jobs that have nothing to do with the trouble */
    static Beside play(String name, Stage stage, IntPredicate good, Trouble trouble) throws IOException {
        int millis = stage.script().times(20_000, 1_500);
        long pid = stage.gateway().process().pid();
        try (Drive drive = stage.load()) {
            stage.pause(500, 500);
            // What piled up while the gateway warmed up would count as what a quiet moment delivers.
            stage.awaitCaughtUp(drive);
            long quiet = Clock.micros();
            stage.pause(millis, millis);
            long resident = ProcessUsage.residentBytes(pid);
            long bad = Clock.micros();
            trouble.begin();
            stage.pause(millis, millis);
            long grown = ProcessUsage.residentBytes(pid) - resident;
            long healed = Clock.micros();
            trouble.end();
            Reconciliation jobs = stage.finish(drive);
            return new Beside(
                    name,
                    stage.script(),
                    jobs,
                    Latency.of(drive.ledger(), drive.offered(), quiet, bad, good),
                    Latency.of(drive.ledger(), drive.offered(), bad, healed, good),
                    grown);
        }
    }

    /** @param otherwise whether all else is as it should be, and what of it there is to say */
    Verdict verdict(boolean otherwise, String also) {
        int noise = script.times(NOISE_MILLIS, QUICK_NOISE_MILLIS);
        double underWay = script.perSecond() * noise / 1_000;
        double limit = Math.max(2 * before.percentile(99), noise);
        // As many good deliveries as before, but for those that noise may hold up: lanes that stop have no bad
        // percentiles.
        boolean flows = during.count() + underWay > before.count() * 0.9;
        boolean unnoticed = flows && during.percentile(99) <= limit && grown <= MOST_GROWTH_BYTES;
        return new Verdict(
                name,
                jobs.isGood() && unnoticed && otherwise,
                "%s%s; the others' p99 %.1f ms, quiet %.1f ms, deliveries %,d, quiet %,d; memory %+d MiB"
                        .formatted(
                                Findings.of(jobs),
                                also,
                                during.percentile(99),
                                before.percentile(99),
                                during.count(),
                                before.count(),
                                grown >> 20));
    }
}
