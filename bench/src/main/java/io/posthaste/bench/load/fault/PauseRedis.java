package io.posthaste.bench.load.fault;

import io.posthaste.bench.load.drive.Clock;
import io.posthaste.bench.load.drive.Drive;
import io.posthaste.bench.load.drive.Reconciliation;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Redis is there but does not answer: first {@code CLIENT PAUSE}, then the whole process stopped. Commands outlive
 * their time-out and are executed afterwards; nothing may be lost for it.
 */
final class PauseRedis implements Scenario {
    /** How long a job may wait from when Redis answers again, or from when Redis took it. */
    private static final int RECOVERY_MILLIS = 5_000;

    /** Less than a lease lasts: the short version runs on busy machines. */
    private static final int QUICK_RECOVERY_MILLIS = 12_000;

    /**
     * What piled up takes its time, more on a slower machine, and half of it half the time. A job that waits for its lease
     * comes long after that.
     */
    private static final int LATER_THAN_HALF = 3;

    private static final long BUSY_PATIENCE_NANOS = 5_000_000_000L;

    @Override
    public String name() {
        return "pause-redis";
    }

    @Override
    public boolean waitsForLeases() {
        return true;
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        int millis = stage.script().times(20_000, 2_500);
        Set<String> inFlight = new HashSet<>();
        try (Drive drive = stage.load()) {
            Duration afterPause = pauseClients(stage, millis, drive, inFlight);
            stage.pause(300, 600);
            inFlight.addAll(stage.shard().leases());
            long stoppedAt = Clock.micros();
            stage.redis().process().signal("STOP");
            stage.pause(millis, millis);
            stage.redis().process().signal("CONT");
            long wokenAt = Clock.micros();
            awaitNotBusy(stage);
            inFlight.addAll(stage.shard().leases());
            Duration afterStop = stage.awaitProgress(drive);
            Reconciliation jobs = stage.finish(drive);
            long[] waits = drive.ledger().waits(stoppedAt - millis * 1_000L, wokenAt);
            long recovery = waits[waits.length - 1] / 1_000;
            long median = waits[waits.length / 2] / 1_000;
            return new Verdict(
                    name(),
                    jobs.isGood()
                            && jobs.extra() <= inFlight.size()
                            && recovery <= Math.max(recoveryMillis(stage), LATER_THAN_HALF * median),
                    "2 pauses of %d ms; %s; in flight at them %d; went on after %d and %d ms, longest wait then %d ms, half of them %d ms"
                            .formatted(
                                    millis,
                                    Findings.of(jobs),
                                    inFlight.size(),
                                    afterPause.toMillis(),
                                    afterStop.toMillis(),
                                    recovery,
                                    median));
        }
    }

    private static Duration pauseClients(Stage stage, int millis, Drive drive, Set<String> inFlight)
            throws IOException {
        stage.pause(300, 600);
        inFlight.addAll(stage.shard().leases());
        try (RedisConnection redis = RedisConnection.open(stage.redis().address())) {
            redis.call("CLIENT", "PAUSE", Integer.toString(millis), "ALL");
        }
        stage.pause(millis, millis);
        inFlight.addAll(stage.shard().leases());
        return stage.awaitProgress(drive);
    }

    private static int recoveryMillis(Stage stage) {
        return stage.script().times(RECOVERY_MILLIS, QUICK_RECOVERY_MILLIS);
    }

    /** Stopped in the middle of a script, it counts the stop as the script's and answers BUSY until that has ended. */
    private static void awaitNotBusy(Stage stage) throws IOException {
        long deadline = System.nanoTime() + BUSY_PATIENCE_NANOS;
        try (RedisConnection redis = RedisConnection.open(stage.redis().address())) {
            while (System.nanoTime() < deadline && isBusy(redis)) {
                Thread.onSpinWait();
            }
        }
    }

    private static boolean isBusy(RedisConnection redis) throws IOException {
        try {
            redis.call("PING");
            return false;
        } catch (RedisConnection.RedisError busy) {
            return String.valueOf(busy.getMessage()).startsWith("BUSY");
        }
    }
}
