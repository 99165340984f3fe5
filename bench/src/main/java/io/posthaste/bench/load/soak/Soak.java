package io.posthaste.bench.load.soak;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Ledger;
import io.posthaste.bench.load.drive.Pace;
import io.posthaste.bench.load.drive.Producer;
import io.posthaste.bench.load.drive.Progress;
import io.posthaste.bench.load.drive.Usage;
import io.posthaste.bench.load.process.LoadException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** The course of a soak: one thread kills, looks and decides drafts in turn, the drive's feed and watch beside it. */
public final class Soak {
    /** Longer than the longest wait of a scheduled job, a lease and a retry. */
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private static final Usage NO_USAGE = new Usage(0, 0, 0, 0);
    private static final long TICK_NANOS = 50_000_000;
    private static final double PROGRESS_SECONDS = 60;

    private final SoakStage stage;
    private final Script script;
    private final Ledger ledger;
    private final Ends ends;
    private final Sampler sampler;
    private final Drafts drafts;
    private final String run = "s" + Long.toString(Clock.micros() % 2_000_000_000L, 36);
    private int inFlight;
    private int kills;

    /**
     * What is played.
     *
     * @param length from the first job to the last
     * @param lookSeconds between two looks at the processes
     * @param seed decides when the gateway is killed
     */
    public record Script(Duration length, double perSecond, double lookSeconds, long seed) {
        /** Most jobs that fit the books. */
        private static final int MOST_JOBS = 20_000_000;

        int jobs() {
            double jobs = length.toMillis() / 1e3 * perSecond + 1;
            LoadException.unless(
                    jobs <= MOST_JOBS,
                    "%,.0f jobs are more than the %,d that can be accounted for; give a lower --rate"
                            .formatted(jobs, MOST_JOBS));
            return (int) jobs;
        }
    }

    public Soak(SoakStage stage, Script script) {
        this.stage = stage;
        this.script = script;
        this.ledger = new Ledger(run, script.jobs());
        this.ends = new Ends(run, script.jobs());
        this.sampler = new Sampler(stage.redis().address());
        this.drafts = new Drafts(stage.gateway(), ends);
    }

    /** Plays it; what it showed. */
    public SoakReport play() throws IOException {
        stage.prepare();
        sampler.born();
        SoakCommands commands = new SoakCommands(run, SoakStage.SHARD + "inbox");
        Pace pace = new Pace.Steady(script.perSecond(), Clock.micros());
        Producer producer = new Producer(stage.redis().address(), commands, ledger, pace, 0);
        try (Drive drive = new Drive(producer, ledger, stage.arrivals(ends), () -> NO_USAGE, new Progress(false))) {
            drive.start();
            soak();
            drive.stopFeeding();
            drive.awaitFed(Duration.ofSeconds(60));
            drain();
            drive.finish();
            return new SoakReport(
                    Accounts.of(ledger, ends, drive.offered()),
                    new SoakReport.Course(kills, inFlight, stage.unfinished(), stage.added(), stage.isSignedWell()),
                    sampler.lives(),
                    sampler.redis());
        }
    }

    private void soak() throws IOException {
        Deque<Duration> moments = new ArrayDeque<>(Kills.plan(script.length(), new Random(script.seed())));
        double end = sampler.now() + script.length().toMillis() / 1e3;
        double start = sampler.now();
        double progress = start;
        for (int look = 0; sampler.now() < end; look++) {
            sampler.look(stage.gateway(), look % 2 == 0);
            drafts.decide();
            double next = Math.min(end, sampler.now() + script.lookSeconds());
            do {
                LockSupport.parkNanos(TICK_NANOS);
                if (!moments.isEmpty()
                        && sampler.now() - start > moments.getFirst().toMillis() / 1e3) {
                    moments.removeFirst();
                    kill();
                }
            } while (sampler.now() < next);
            if (sampler.now() - progress > PROGRESS_SECONDS) {
                progress = sampler.now();
                tell(progress - start);
            }
        }
    }

    private void kill() throws IOException {
        stage.gateway().process().kill();
        inFlight += stage.leased();
        kills++;
        stage.gateway().restart();
        sampler.born();
    }

    /** Until all have ended, or nothing has for long. */
    private void drain() throws IOException {
        int before = -1;
        long giveUpAt = 0;
        while (ends.count() < ledger.acceptances() || stage.unfinished() > 0) {
            if (ends.count() != before) {
                before = ends.count();
                giveUpAt = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > giveUpAt) {
                return;
            }
            drafts.decide();
            LockSupport.parkNanos(4 * TICK_NANOS);
        }
    }

    private void tell(double seconds) {
        System.out.printf(
                "%4.0f min  accepted %,d, ended %,d, lives of the gateway %d%n",
                seconds / 60, ledger.acceptances(), ends.count(), kills + 1);
    }
}
