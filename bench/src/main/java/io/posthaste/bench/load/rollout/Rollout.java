package io.posthaste.bench.load.rollout;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Frames;
import io.posthaste.bench.load.drive.Pace;
import io.posthaste.bench.load.drive.Producer;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.drive.Shard;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.fault.Findings;
import io.posthaste.bench.load.fault.Loads;
import io.posthaste.bench.load.fault.Stage;
import io.posthaste.bench.load.fault.Verdict;
import io.posthaste.bench.load.process.ChildProcess;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two gateways of the version before are exchanged for this one's, one after the other, under a load of retries and of
 * answers that add up on people; then back, and forth again. Each side claims, retries, counts and shows what the other
 * one wrote, and a process that is stopped in peace leaves nothing to be sent twice.
 */
public final class Rollout implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final int STOP_SECONDS = 30;
    /** Processes that start beside it take all cores: a time-out must not pass for a second delivery. */
    private static final int TIMEOUT_MILLIS = 30_000;

    /** A fifth of the answers are refusals, so that many jobs wait for a retry at each exchange. */
    private static final String UNSTEADY = "errors:200/delay:10-50";

    /** Who works after each step, once both began with the version before. */
    private static final List<Step> STEPS = List.of(
            new Step(0, Version.NOW),
            new Step(1, Version.NOW),
            new Step(0, Version.BEFORE),
            new Step(1, Version.BEFORE),
            new Step(1, Version.NOW),
            new Step(0, Version.NOW));

    private final Launcher launcher;
    private final RedisServer redis;
    private final Loads loads;
    private final Workload workload;
    private final Stage.Script script;
    private final List<GatewayProcess> gateways = new ArrayList<>();

    /** Which of the two. */
    public enum Version {
        BEFORE,
        NOW
    }

    /** Starts a gateway of that version in a place of its own, and waits until it is ready. */
    @FunctionalInterface
    public interface Launcher {
        GatewayProcess start(Version version, int place);
    }

    private record Step(int place, Version version) {}

    public Rollout(
            Launcher launcher, RedisServer redis, ReceiverProcess receiver, Workload workload, Stage.Script script) {
        this.launcher = launcher;
        this.redis = redis;
        this.loads = new Loads(receiver);
        this.workload = workload.with(Workload.Attributes.SHARED);
        this.script = script;
        for (int place = 0; place < 2; place++) {
            gateways.add(launcher.start(Version.BEFORE, place));
        }
    }

    /** Plays all steps. */
    public Verdict play() throws IOException {
        for (int action = 0; action < workload.actions(); action++) {
            loads.receiver().behave(Workload.path(action), UNSTEADY);
            loads.putAction(gateways.getFirst(), workload, action, TIMEOUT_MILLIS);
        }
        Shard shard = new Shard(redis);
        try (Drive drive = loads.start((run, ledger) -> new Producer(
                redis.address(),
                new Frames(run, workload, List.of(Shard.INBOX)),
                ledger,
                new Pace.Steady(script.perSecond(), Clock.micros()),
                0))) {
            drive.awaitDelivered(1, Duration.ofSeconds(30));
            for (Step step : STEPS) {
                work();
                exchange(step);
                awaitProgress(drive);
            }
            work();
            Reconciliation jobs = loads.finish(drive, PATIENCE, shard::isSettled);
            return verdict(jobs, shard);
        }
    }

    private Verdict verdict(Reconciliation jobs, Shard shard) throws IOException {
        long sum = shard.sumOfPeople(workload.people().size());
        long refused = shard.refused();
        long unshown = gateways.stream().filter(gateway -> !shows(gateway)).count();
        return new Verdict(
                "rollout",
                jobs.isGood() && jobs.extra() == 0 && sum == jobs.accepted() && refused == 0 && unshown == 0,
                "%d exchanges; %s; added %,d; refused %d".formatted(STEPS.size(), Findings.of(jobs), sum, refused));
    }

    /** Whether the history of both versions is read. */
    private static boolean shows(GatewayProcess gateway) {
        return gateway.get("/v1/deliveries?state=sent&limit=1").contains("\"state\":\"sent\"");
    }

    private void work() {
        script.pause(script.times(20_000, 1_500), script.times(30_000, 2_500));
    }

    /** The old one is stopped as an operator would; the other goes on meanwhile. */
    private void exchange(Step step) {
        GatewayProcess old = gateways.get(step.place());
        int exit = old.process().terminate(STOP_SECONDS);
        LoadException.unless(ChildProcess.isOrderly(exit), "a gateway ended with " + exit);
        old.close();
        gateways.set(step.place(), launcher.start(step.version(), step.place()));
    }

    private static void awaitProgress(Drive drive) {
        drive.awaitDelivered(drive.ledger().deliveries() + 1, Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        gateways.forEach(GatewayProcess::close);
        redis.close();
    }
}
