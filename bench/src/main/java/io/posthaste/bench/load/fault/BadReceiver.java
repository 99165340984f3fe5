package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Latency;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.process.ProcessUsage;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * One action's receiver misbehaves among good ones, then heals. The other actions' p99 stays within twice its quiet
 * value, the gateway's memory stays, and in the end the bad action's jobs are delivered too.
 */
final class BadReceiver implements Scenario {
    private static final List<Integer> BAD = List.of(0);
    private static final int IMPATIENT_MILLIS = 1000;
    /** Below this a p99 is a matter of the scheduler, not of lanes: the short version runs on busy machines. */
    private static final int NOISE_MILLIS = 50;

    private static final int QUICK_NOISE_MILLIS = 250;

    private static final long MOST_GROWTH_BYTES = 256L << 20;

    private final String name;
    private final String behaviour;

    /** @param behaviour as the receiver understands it */
    BadReceiver(String name, String behaviour) {
        this.name = name;
        this.behaviour = behaviour;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict play(Stage stage) {
        int millis = stage.script().times(20_000, 1_500);
        long pid = stage.gateway().process().pid();
        stage.retry(BAD.getFirst(), IMPATIENT_MILLIS);
        try (Drive drive = stage.load()) {
            stage.pause(500, 500);
            // What piled up while the gateway warmed up would count as what a quiet moment delivers.
            stage.awaitCaughtUp(drive);
            long quiet = Clock.micros();
            stage.pause(millis, millis);
            long resident = ProcessUsage.residentBytes(pid);
            long bad = Clock.micros();
            stage.behave(BAD, behaviour);
            stage.pause(millis, millis);
            long grown = ProcessUsage.residentBytes(pid) - resident;
            long healed = Clock.micros();
            stage.behave(BAD, "");
            Reconciliation jobs = stage.finish(drive);
            IntPredicate good = number -> number % stage.actions() != 0;
            Latency before = Latency.of(drive.ledger(), drive.offered(), quiet, bad, good);
            Latency during = Latency.of(drive.ledger(), drive.offered(), bad, healed, good);
            return verdict(jobs, before, during, grown, stage.script());
        } finally {
            stage.retry(BAD.getFirst(), Stage.PATIENT_MILLIS);
        }
    }

    private Verdict verdict(Reconciliation jobs, Latency before, Latency during, long grown, Stage.Script script) {
        int noise = script.times(NOISE_MILLIS, QUICK_NOISE_MILLIS);
        double underWay = script.perSecond() * noise / 1_000;
        double limit = Math.max(2 * before.percentile(99), noise);
        // As many good deliveries as before, but for those that noise may hold up: lanes that stop have no bad
        // percentiles.
        boolean flows = during.count() + underWay > before.count() * 0.9;
        boolean passed = jobs.isGood() && flows && during.percentile(99) <= limit && grown <= MOST_GROWTH_BYTES;
        return new Verdict(
                name,
                passed,
                "%s; the others' p99 %.1f ms, quiet %.1f ms, deliveries %,d, quiet %,d; memory %+d MiB"
                        .formatted(
                                Findings.of(jobs),
                                during.percentile(99),
                                before.percentile(99),
                                during.count(),
                                before.count(),
                                grown >> 20));
    }
}
